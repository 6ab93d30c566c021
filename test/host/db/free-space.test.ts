import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { FreeSpace } from "../../../host/src/db/free-space";
import { asRoot, cleanUp, folder, smallDisk } from "./support";

afterEach(cleanUp);

describe("The guard of free space", () => {
  it("lets work in where there is room, and where the system does not say", async () => {
    await expect(new FreeSpace(folder()).ensure()).resolves.toBeUndefined();
    expect(await new FreeSpace("/no/such/folder").bytes()).toBe(Infinity);
  });

  asRoot("refuses it in words below 32 MB, and lets it in again when there is room", async () => {
    const disk = await smallDisk(40);
    const space = new FreeSpace(disk);
    await expect(space.ensure()).resolves.toBeUndefined();
    execFileSync("sh", ["-c", `head -c 12m /dev/zero > ${join(disk, "filler")}`]);
    await new Promise((done) => setTimeout(done, 600));
    await expect(space.ensure()).rejects.toMatchObject({
      status: 507,
      message: expect.stringContaining("28 MB are free") as string,
    });
    rmSync(join(disk, "filler"));
    await new Promise((done) => setTimeout(done, 600));
    await expect(space.ensure()).resolves.toBeUndefined();
  });
});

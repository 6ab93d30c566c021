import { usageError } from "../../common";
import { currentUser, type CurrentUser } from "../../apps/servicenow/current-user";
import { isTrue } from "../../apps/servicenow/input";
import type { CommonProps, SourceThis } from "./this";

/** Tells changes of the connected account from those of others; asks who that is when the first change is looked at. */
export class OwnChanges {
  private user: Promise<CurrentUser> | undefined;
  /** Whether the account's own changes are left out at all. */
  readonly areLeftOut: boolean;

  constructor(private readonly source: SourceThis & CommonProps) {
    this.areLeftOut = isTrue(source.leaveOutOwnChanges);
  }

  /** Whether a change is to be left out. @param author user name, or the name that people see where a journal shows no other */
  async include(author: string): Promise<boolean> {
    if (!this.areLeftOut) return false;
    const { userName, name } = await (this.user ??= this.signedIn());
    return author === userName || author === name;
  }

  private async signedIn(): Promise<CurrentUser> {
    const user = await currentUser(this.source.servicenow.client());
    if (user) return user;
    throw usageError(
      "The user record of the connected account cannot be read, so its own changes cannot be told from those of others",
      "Allow the account to read its own record of sys_user, or switch Leave Out My Own Changes off",
    );
  }
}

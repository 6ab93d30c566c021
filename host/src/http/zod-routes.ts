import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { z } from "zod";

/** Types of `request.params`, `query` and `body` from the zod schemas that a route declares. */
interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this["schema"] extends z.ZodType ? z.output<this["schema"]> : unknown;
}

export type HostApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Makes zod schemas check what routes declare: a wrong input is a ZodError, which is answered with 400 and what is wrong. */
export function useZodSchemas(app: FastifyInstance): HostApp {
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const read = schema.safeParse(data);
    return read.success ? { value: read.data } : { error: read.error };
  });
  return app.withTypeProvider<ZodTypeProvider>();
}

/**
 * The environment of a thread that needs none of the core's: it must not see what the configuration refers to.
 * It is told where Node keeps compiled code all the same. Without that its modules are stripped of their types
 * and compiled anew at each start of the thread, which takes longer than most of what it is started for.
 */
export function threadEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const { NODE_COMPILE_CACHE: compiled } = environment;
  return compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled };
}

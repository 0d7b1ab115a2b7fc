package io.millrace.node.cli;

import io.millrace.node.settings.SettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code millrace}: the top of the command line. */
@Command(
    name = "millrace",
    description = "A clustered live-streaming server: RTMP in, HLS out.",
    mixinStandardHelpOptions = true,
    versionProvider = MillraceCommand.Version.class,
    subcommands = {ServeCommand.class, DemoCommand.class, PublishCommand.class})
public final class MillraceCommand {

  private MillraceCommand() {}

  /**
   * Runs {@code args}; the exit code is 0 when it went well, 2 for a wrong command line or file.
   */
  public static int run(String... args) {
    CommandLine line = new CommandLine(new MillraceCommand());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof UserException || e instanceof SettingsException) {
            command.getErr().println("millrace: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
          }
          throw e;
        });
    if (args.length == 0) {
      line.usage(System.err);
      return CommandLine.ExitCode.USAGE;
    }
    return line.execute(args);
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = MillraceCommand.class.getPackage().getImplementationVersion();
      return new String[] {"millrace " + (version == null ? "(unpackaged)" : version)};
    }
  }
}

package io.millrace.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NetworkNamespacesIT {

  @BeforeAll
  static void requirePermission() {
    Assumptions.assumeTrue(NetworkNamespaces.isPermitted(), "no permission for namespaces");
  }

  @Test
  void nodesThatAreCutGetNoAnswerUntilHealedAndTheTestReachesBoth() throws Exception {
    try (NetworkNamespaces spaces = NetworkNamespaces.create(2);
        ServerSocket test = new ServerSocket(0, 5, InetAddress.getByName(spaces.testHost()))) {
      // Nobody listens there: whoever gets through is refused.
      assertThat(connect(spaces, 1, spaces.host(2), 9)).isEqualTo(Outcome.REFUSED);

      spaces.cut(1, 2);
      assertThat(connect(spaces, 1, spaces.host(2), 9)).isEqualTo(Outcome.SILENCE);
      assertThat(connect(spaces, 2, spaces.host(1), 9)).isEqualTo(Outcome.SILENCE);
      int port = test.getLocalPort();
      assertThat(connect(spaces, 1, spaces.testHost(), port)).isEqualTo(Outcome.CONNECTED);
      assertThat(connect(spaces, 2, spaces.testHost(), port)).isEqualTo(Outcome.CONNECTED);

      spaces.heal(1, 2);
      assertThat(connect(spaces, 2, spaces.host(1), 9)).isEqualTo(Outcome.REFUSED);
    }
  }

  private enum Outcome {
    CONNECTED,
    REFUSED,
    SILENCE
  }

  private static Outcome connect(NetworkNamespaces spaces, int node, String host, int port)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(spaces.commandPrefix(node));
    command.addAll(List.of("bash", "-c", "exec 3<>/dev/tcp/" + host + "/" + port));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    if (!process.waitFor(2, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return Outcome.SILENCE;
    }
    return process.exitValue() == 0 ? Outcome.CONNECTED : Outcome.REFUSED;
  }
}

package io.millrace.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Row 23 of the bad inputs. */
class FailedAttemptsTest {
  private static final long SECOND = 1_000_000_000L;

  private final FailedAttempts attempts = new FailedAttempts(20, Duration.ofSeconds(60), 100);
  private long now = -7 * SECOND;

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  private void fail(String address, int times) throws UnknownHostException {
    for (int i = 0; i < times; i++) {
      attempts.failed(address(address), now);
    }
  }

  private boolean blocked(String address) throws UnknownHostException {
    return attempts.blocked(address(address), now);
  }

  @Test
  void blocksAnAddressAfterTooManyFailures() throws Exception {
    fail("192.0.2.1", 19);
    assertThat(blocked("192.0.2.1")).isFalse();
    fail("192.0.2.1", 1);
    assertThat(blocked("192.0.2.1")).isTrue();
    assertThat(blocked("192.0.2.2")).isFalse();
  }

  @Test
  void hearsItAgainWhenSomeAreForgotten() throws Exception {
    fail("192.0.2.1", 20);
    now += 2 * SECOND;
    assertThat(blocked("192.0.2.1")).isTrue();
    now += 2 * SECOND;
    assertThat(blocked("192.0.2.1")).isFalse();
    fail("192.0.2.1", 1);
    assertThat(blocked("192.0.2.1")).isTrue();
    now += 60 * SECOND;
    fail("192.0.2.1", 18);
    assertThat(blocked("192.0.2.1")).isFalse();
  }

  @Test
  void takesAnIpv6NetworkForOneAddress() throws Exception {
    for (int i = 0; i < 20; i++) {
      fail("2001:db8:1:2::" + Integer.toHexString(i), 1);
    }
    assertThat(blocked("2001:db8:1:2:ffff::1")).isTrue();
    assertThat(blocked("2001:db8:1:3::1")).isFalse();
  }

  @Test
  void keepsItsTableSmallAndForgetsTheQuietestFirst() throws Exception {
    fail("192.0.2.1", 20);
    for (int i = 0; i < 1000; i++) {
      fail("10.0." + i / 250 + "." + i % 250, 1);
      assertThat(blocked("192.0.2.1")).isTrue();
    }
    assertThat(attempts.addresses()).isEqualTo(100);
  }
}

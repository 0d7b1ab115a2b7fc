package io.millrace.node.relay;

import java.time.Duration;

/**
 * Deadlines of one socket of the data port.
 *
 * @param handshake from the socket's opening to the owner's welcome
 * @param heartbeat longest silence of our own
 * @param dead silence of the peer after which the socket is given up
 * @param linger how long the last frames may take to the peer
 */
record RelayTimes(Duration handshake, Duration heartbeat, Duration dead, Duration linger) {

  /** 3 s, 1 s, 3 s as design note 05 says; 10 s to end. */
  static RelayTimes standard() {
    return new RelayTimes(
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10));
  }
}

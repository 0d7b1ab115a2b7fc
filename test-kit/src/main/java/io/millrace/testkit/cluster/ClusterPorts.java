package io.millrace.testkit.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the private listeners: the same on every node, each on its own address. */
record ClusterPorts(int artery, int data, int internalHttp) {

  /** Free on this address now. */
  static ClusterPorts free(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    try (ServerSocket one = new ServerSocket(0, 1, address);
        ServerSocket two = new ServerSocket(0, 1, address);
        ServerSocket three = new ServerSocket(0, 1, address)) {
      return new ClusterPorts(one.getLocalPort(), two.getLocalPort(), three.getLocalPort());
    }
  }
}

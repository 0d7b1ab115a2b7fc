package io.millrace.node.relay;

class InProcessLinkTest extends RelayTransportContract {

  @Override
  Ends connect(int maxFrames, RelayTransport.Listener listener) {
    InProcessLink link = new InProcessLink(new DataPort.Bounds(maxFrames, 1 << 20), listener);
    return new Ends(link, link);
  }
}

package io.millrace.media.worker;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.ColorDescription;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Frames of the worker's pipes, both directions, big-endian: {@code uint32 length of what follows |
 * uint8 type | fields}. A payload is always the last field and takes the rest of the frame. Strings
 * are {@code uint16 length | UTF-8}. Both ends are the same build, so there is no version field.
 */
final class WireCodec {
  /** Longest frame: an access unit may have 16 MiB, and its header comes on top. */
  static final int MAX_FRAME_BYTES = 16 * 1024 * 1024 + 256;

  private static final int MAX_NAME_BYTES = 64;
  private static final int MAX_LIST = 16;
  private static final int MAX_EXTRADATA_BYTES = 64 * 1024;

  private static final int HELLO = 1;
  private static final int CONFIG = 2;
  private static final int UNIT = 3;
  private static final int FLUSH = 4;
  private static final int RUNGS = 5;
  private static final int THUMB = 6;
  private static final int END = 7;
  private static final int READY = 65;
  private static final int INIT = 66;
  private static final int PACKET = 67;
  private static final int FLUSHED = 68;
  private static final int DROPPED = 69;
  private static final int STATS = 70;
  private static final int THUMBNAIL = 71;

  private WireCodec() {}

  /** Replaces the contents of {@code out} by one whole frame. */
  static void encode(WireMessage message, WireOutput out) {
    out.reset();
    out.i32(0);
    if (message instanceof WireMessage.ToWorker toWorker) {
      encodeToWorker(toWorker, out);
    } else {
      encodeFromWorker((WireMessage.FromWorker) message, out);
    }
    out.setI32(0, out.size() - 4);
  }

  private static void encodeToWorker(WireMessage.ToWorker message, WireOutput out) {
    if (message instanceof WireMessage.Unit m) {
      unit(m.unit(), out.u8(UNIT));
    } else if (message instanceof WireMessage.Config m) {
      config(m.config(), out.u8(CONFIG));
    } else if (message instanceof WireMessage.Rungs m) {
      out.u8(RUNGS).u8(m.switches().size());
      m.switches().forEach(s -> out.string(s.rung()).bool(s.active()).u16(s.divisor()));
    } else if (message instanceof WireMessage.Flush m) {
      out.u8(FLUSH).i32(m.id());
    } else if (message instanceof WireMessage.Thumb) {
      out.u8(THUMB);
    } else if (message instanceof WireMessage.Hello) {
      out.u8(HELLO);
    } else {
      out.u8(END);
    }
  }

  private static void encodeFromWorker(WireMessage.FromWorker message, WireOutput out) {
    if (message instanceof WireMessage.Packet m) {
      packet(m.packet(), out.u8(PACKET));
    } else if (message instanceof WireMessage.Init m) {
      out.u8(INIT).string(m.rung()).i32(m.generation()).bytes(m.extradata());
    } else if (message instanceof WireMessage.Stats m) {
      stats(m.stats(), out.u8(STATS));
    } else if (message instanceof WireMessage.Dropped m) {
      out.u8(DROPPED).string(m.rung()).i64(m.sourceSeq()).i32(m.count());
    } else if (message instanceof WireMessage.Flushed m) {
      out.u8(FLUSHED).i32(m.id());
    } else if (message instanceof WireMessage.Thumbnail m) {
      out.u8(THUMBNAIL).bytes(m.jpeg());
    } else {
      out.u8(READY).string(((WireMessage.Ready) message).encoder());
    }
  }

  /**
   * The next frame, or null at the end of the stream between two frames.
   *
   * @throws WireException on a frame that breaks a rule
   * @throws EOFException when the stream ends inside a frame
   */
  static WireMessage decode(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    if (length < 1 || length > MAX_FRAME_BYTES) {
      throw new WireException(
          "frame length: " + length + " (expected: 1.." + MAX_FRAME_BYTES + ")");
    }
    WireInput frame = new WireInput(in, length);
    WireMessage message = body(frame.u8(), frame);
    frame.end();
    return message;
  }

  private static WireMessage body(int type, WireInput in) throws IOException {
    return switch (type) {
      case HELLO -> new WireMessage.Hello();
      case CONFIG -> new WireMessage.Config(config(in));
      case UNIT -> new WireMessage.Unit(unit(in));
      case FLUSH -> new WireMessage.Flush(in.i32());
      case RUNGS -> new WireMessage.Rungs(switches(in));
      case THUMB -> new WireMessage.Thumb();
      case END -> new WireMessage.End();
      case READY -> new WireMessage.Ready(in.string(MAX_NAME_BYTES));
      case INIT -> new WireMessage.Init(in.string(MAX_NAME_BYTES), in.i32(), in.rest());
      case PACKET -> new WireMessage.Packet(packet(in));
      case FLUSHED -> new WireMessage.Flushed(in.i32());
      case DROPPED -> new WireMessage.Dropped(in.string(MAX_NAME_BYTES), in.i64(), in.i32());
      case STATS ->
          new WireMessage.Stats(new WorkerStats(in.i64(), in.i64(), in.i64(), in.i64(), in.i64()));
      case THUMBNAIL -> new WireMessage.Thumbnail(in.rest());
      default -> throw new WireException("frame type: " + type + " (expected: a known type)");
    };
  }

  private static void config(WorkerConfig c, WireOutput out) {
    out.i32(c.generation()).string(c.track().name()).string(c.codec().name()).u8(c.rungs().size());
    for (RungSettings r : c.rungs()) {
      out.string(r.name()).i32(r.width()).i32(r.height());
      out.i32(r.frameRateNum()).i32(r.frameRateDen());
      out.i32(r.bitrateBps()).i32(r.maxrateBps()).i32(r.bufsizeBits());
      out.string(r.profile()).i32(r.level());
      ColorDescription color = r.color();
      out.u16(color.primaries()).u16(color.transfer()).u16(color.matrix()).bool(color.fullRange());
    }
    out.bool(c.audio().isPresent());
    c.audio().ifPresent(a -> out.i32(a.sampleRate()).i32(a.channels()).i32(a.bitrateBps()));
    out.bytes(c.extradata());
  }

  private static WorkerConfig config(WireInput in) throws IOException {
    int generation = in.i32();
    TrackKind track = in.constant(TrackKind.class);
    Codec codec = in.constant(Codec.class);
    int count = listSize(in);
    List<RungSettings> rungs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rungs.add(
          new RungSettings(
              in.string(MAX_NAME_BYTES),
              in.i32(),
              in.i32(),
              in.i32(),
              in.i32(),
              in.i32(),
              in.i32(),
              in.i32(),
              in.string(MAX_NAME_BYTES),
              in.i32(),
              new ColorDescription(in.u16(), in.u16(), in.u16(), in.bool())));
    }
    Optional<AudioRungSettings> audio =
        in.bool()
            ? Optional.of(new AudioRungSettings(in.i32(), in.i32(), in.i32()))
            : Optional.empty();
    byte[] extradata = in.rest();
    if (extradata.length > MAX_EXTRADATA_BYTES) {
      throw new WireException(
          "extradata: " + extradata.length + " bytes (expected: <= " + MAX_EXTRADATA_BYTES + ")");
    }
    return new WorkerConfig(generation, track, codec, extradata, rungs, audio);
  }

  private static void unit(WorkerUnit u, WireOutput out) {
    out.i64(u.seq()).i32(u.generation()).string(u.track().name()).i64(u.dts()).i64(u.pts());
    out.bool(u.idr()).bool(u.forceIdr()).i64(u.encodeFromPts()).bytes(u.data());
  }

  private static WorkerUnit unit(WireInput in) throws IOException {
    return new WorkerUnit(
        in.i64(),
        in.i32(),
        in.constant(TrackKind.class),
        in.i64(),
        in.i64(),
        in.bool(),
        in.bool(),
        in.i64(),
        in.rest());
  }

  private static List<RungSwitch> switches(WireInput in) throws IOException {
    int count = listSize(in);
    List<RungSwitch> switches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      switches.add(new RungSwitch(in.string(MAX_NAME_BYTES), in.bool(), in.u16()));
    }
    return switches;
  }

  private static void packet(EncodedPacket p, WireOutput out) {
    out.string(p.rung()).i32(p.generation()).i64(p.sourceSeq()).i64(p.pts()).i64(p.dts());
    out.bool(p.idr()).bytes(p.data());
  }

  private static EncodedPacket packet(WireInput in) throws IOException {
    return new EncodedPacket(
        in.string(MAX_NAME_BYTES), in.i32(), in.i64(), in.i64(), in.i64(), in.bool(), in.rest());
  }

  private static void stats(WorkerStats s, WireOutput out) {
    out.i64(s.lastDecodedPts90k()).i64(s.queuedInput90k()).i64(s.cpuMillis());
    out.i64(s.residentBytes()).i64(s.decodeErrors());
  }

  private static int listSize(WireInput in) throws IOException {
    int size = in.u8();
    if (size > MAX_LIST) {
      throw new WireException("list size: " + size + " (expected: <= " + MAX_LIST + ")");
    }
    return size;
  }
}

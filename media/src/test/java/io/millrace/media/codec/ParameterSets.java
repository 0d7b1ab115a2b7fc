package io.millrace.media.codec;

import io.millrace.media.Codec;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Configuration records of real encoders (x264, x265, libaom, SVT-AV1) and what they say. */
final class ParameterSets {

  /** One record; {@code expected} is {@link #describe} of the parsed format. */
  record Case(String name, Codec codec, String hex, String expected) {
    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final Case H264_1080P30 =
      new Case(
          "x264 1080p30 high",
          Codec.H264,
          "01640028ffe1001b67640028acd940780227e5c044000003000400000300f03c60c65801000668ebe3cb22c0"
              + "fdf8f800",
          "1920x1080 as 1920x1080, 30.000 fps, avc1.640028, playable, 2/2/2");

  static final Case HEVC_720P30 =
      new Case(
          "x265 720p30",
          Codec.HEVC,
          "0101600000009000000000005df000fcfdf8f800000f03a00001001840010c01ffff01600000030090000003"
              + "000003005d959809a10001002b42010101600000030090000003000003005da00280802d165959a4932b"
              + "c05a020000030002000003003c10a2000100074401c172b46240",
          "1280x720 as 1280x720, 30.000 fps, hvc1.1.6.L93.90, 2/2/2");

  static final Case AV1_AOM =
      new Case(
          "libaom 640x360",
          Codec.AV1,
          "81010c000a0b0000000cc4ff6736be4010",
          "640x360 as 640x360, 0.000 fps, av01.0.01M.08, 2/2/2");

  static final List<Case> ALL =
      List.of(
          H264_1080P30,
          HEVC_720P30,
          AV1_AOM,
          new Case(
              "x264 720p29.97 baseline",
              Codec.H264,
              "0142c01fffe100176742c01fd9005005bb011000003e90000ea600f183248001000568cb83cb20",
              "1280x720 as 1280x720, 29.970 fps, avc1.42c01f, playable, 2/2/2"),
          new Case(
              "x264 576i 16:11",
              Codec.H264,
              "0164001effe1001d6764001eacd940b424d82350505054000003000400000300c87c50a65801000668fb"
                  + "a3cb22c0fdf8f800",
              "720x576 as 1047x576, 25.000 fps, avc1.64001e, 5/5/5"),
          new Case(
              "x264 322x242 4:4:4",
              Codec.H264,
              "01f4000dffe1001a67f4000d919b282a10f1f1f808800000030080000019078a14cb01000668ebe3c448"
                  + "44fff8f800",
              "322x242 as 322x242, 25.000 fps, avc1.f4000d, 2/2/2"),
          new Case(
              "x264 10 bit 50 fps",
              Codec.H264,
              "016e001fffe1001a676e001fa6cd940a02ff970110000003001000000640f183196001000668ebe3cb22"
                  + "c0fdfafa00",
              "640x360 as 640x360, 50.000 fps, avc1.6e001f, 2/2/2"),
          new Case(
              "x264 portrait 60 fps bt709",
              Codec.H264,
              "0164002affe1001e6764002aacd9404403c797c05a808080a0000003002000000f01e30632c001000668"
                  + "ebe3cb22c0fdf8f800",
              "1080x1920 as 1080x1920, 60.000 fps, avc1.64002a, playable, 1/1/1"),
          new Case(
              "x264 426x238 23.976",
              Codec.H264,
              "01640015ffe1001867640015acd941b1fe4ac04400000fa40002ee003c58b65801000668ebe3cb22c0fd"
                  + "f8f800",
              "426x238 as 426x238, 23.976 fps, avc1.640015, playable, 2/2/2"),
          new Case(
              "x264 grey",
              Codec.H264,
              "0164000dffe100196764000df3650507ec05b2000003000200000300781e28532c01000668ebe3cb22c0"
                  + "fcf8f800",
              "320x240 as 320x240, 30.000 fps, avc1.64000d, 2/2/2"),
          new Case(
              "x264 2160p60",
              Codec.H264,
              "0142c034ffe100196742c034da00f0010fb011000003000100000300780f1832a001000468ce0fc8",
              "3840x2160 as 3840x2160, 60.000 fps, avc1.42c034, playable, 2/2/2"),
          new Case(
              "x265 1080p50 10 bit PQ high tier",
              Codec.HEVC,
              "01222000000090000000000099f000fcfdfafa00000f03a00001001840010c01ffff2220000003009000"
                  + "00030000030099959809a10001002f420101222000000300900000030000030099a003c08010e4d9"
                  + "6566924caf016a122012080000030008000003019040a2000100074401c172b46240",
              "1920x1080 as 1920x1080, 50.000 fps, hvc1.2.4.H153.90, hdr, 9/16/9"),
          new Case(
              "x265 322x182 scaling lists, two temporal layers",
              Codec.HEVC,
              "0101600000009000000000003cf000fcfdf8f800000f03a00001001840010c01ffff0160000003009000"
                  + "0003000003003c959809a10001002a42010101600000030090000003000003003ca00a480b9c9596"
                  + "566924e5780b4040000003004000000642a2000100074401c172b46240",
              "322x182 as 322x182, 25.000 fps, hvc1.1.6.L60.90, 2/2/2"),
          new Case(
              "SVT-AV1 320x240 10 bit",
              Codec.AV1,
              "81004c000a0b000000043cffbc02f84040",
              "320x240 as 320x240, 0.000 fps, av01.0.00M.10, 2/2/2"));

  private ParameterSets() {}

  static String describe(VideoFormat f) {
    return String.format(
        Locale.ROOT,
        "%dx%d as %dx%d, %.3f fps, %s%s%s, %d/%d/%d",
        f.codedWidth(),
        f.codedHeight(),
        f.displayWidth(),
        f.displayHeight(),
        f.frameRate(),
        f.codecs(),
        f.widelyPlayable() ? ", playable" : "",
        f.hdr() ? ", hdr" : "",
        f.color().primaries(),
        f.color().transfer(),
        f.color().matrix());
  }
}

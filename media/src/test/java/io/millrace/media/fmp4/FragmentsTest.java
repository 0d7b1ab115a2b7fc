package io.millrace.media.fmp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden bytes; what they mean is checked by ffprobe in {@link Fmp4ConformanceIT}. */
final class FragmentsTest {
  private static final byte[] ONE = {1};
  private static final byte[] TWO = {2, 2};

  @Test
  void writesVideoWithCompositionOffsets() {
    byte[] fragment =
        Fragments.write(
            7,
            0x1_0000_0001L,
            List.of(new Sample(3060, 0, true, ONE), new Sample(2970, -6030, false, TWO)));

    assertThat(hex(fragment))
        .isEqualTo(
            box("moof", 120)
                + box("mfhd", 16)
                + "00000000"
                + "00000007"
                + box("traf", 96)
                + box("tfhd", 20)
                + "00020020"
                + "00000001"
                + "01010000"
                + box("tfdt", 20)
                + "01000000"
                + "0000000100000001"
                + box("trun", 48)
                + "01000b05"
                + "00000002"
                + "00000080"
                + "02000000"
                + "00000bf4"
                + "00000001"
                + "00000000"
                + "00000b9a"
                + "00000002"
                + "ffffe872"
                + box("mdat", 11)
                + "01"
                + "0202");
  }

  @Test
  void writesAudioWithSharedFieldsOnce() {
    byte[] fragment =
        Fragments.write(
            1, 1024, List.of(new Sample(1024, 0, true, ONE), new Sample(1024, 0, true, TWO)));

    assertThat(hex(fragment))
        .isEqualTo(
            box("moof", 104)
                + box("mfhd", 16)
                + "00000000"
                + "00000001"
                + box("traf", 80)
                + box("tfhd", 24)
                + "00020028"
                + "00000001"
                + "00000400"
                + "02000000"
                + box("tfdt", 20)
                + "01000000"
                + "0000000000000400"
                + box("trun", 28)
                + "01000201"
                + "00000002"
                + "00000070"
                + "00000001"
                + "00000002"
                + box("mdat", 11)
                + "01"
                + "0202");
  }

  @Test
  void writesFlagsPerSampleWhenSyncSamplesAreMixed() {
    Sample sync = new Sample(1, 0, true, ONE);
    Sample other = new Sample(1, 0, false, ONE);

    assertThat(hex(Fragments.write(-1, 0, List.of(sync, other, sync))))
        .isEqualTo(
            box("moof", 116)
                + box("mfhd", 16)
                + "00000000"
                + "ffffffff"
                + box("traf", 92)
                + box("tfhd", 20)
                + "00020008"
                + "00000001"
                + "00000001"
                + box("tfdt", 20)
                + "01000000"
                + "0000000000000000"
                + box("trun", 44)
                + "01000601"
                + "00000003"
                + "0000007c"
                + "00000001"
                + "02000000"
                + "00000001"
                + "01010000"
                + "00000001"
                + "02000000"
                + box("mdat", 11)
                + "01"
                + "01"
                + "01");
  }

  @Test
  void rejectsWhatNoPlayerCouldPlay() {
    assertThatThrownBy(() -> Fragments.write(1, 0, List.of()))
        .hasMessage("samples: 0 (expected: at least 1)");
    assertThatThrownBy(() -> Fragments.write(1, 0, List.of(new Sample(0, 0, true, ONE))))
        .hasMessage("durationTicks: 0 (expected: above 0)");
  }

  private static String box(String type, int size) {
    return String.format("%08x", size)
        + HexFormat.of().formatHex(type.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AnnexBTest {
  private static final HexFormat HEX = HexFormat.of();

  private static String lengthPrefixed(String stream) {
    byte[] bytes = HEX.parseHex(stream);
    return HEX.formatHex(AnnexB.lengthPrefixed(bytes, bytes.length));
  }

  @Test
  void keepsSlicesOnlyAndPrefixesTheirLength() {
    assertThat(lengthPrefixed("00000001" + "67640028" + "000001" + "0605" + "000001" + "65aabb"))
        .isEqualTo("0000000365aabb");
    assertThat(lengthPrefixed("00000001" + "41aa" + "00000001" + "41bb"))
        .isEqualTo("0000000241aa" + "0000000241bb");
  }

  @Test
  void leavesTrailingZerosOut() {
    assertThat(lengthPrefixed("000001" + "41aa80" + "0000")).isEqualTo("0000000341aa80");
    assertThat(lengthPrefixed("")).isEmpty();
  }

  @Test
  void buildsAnAvcConfigurationRecord() throws NativeException {
    byte[] header = HEX.parseHex("00000001" + "6764001fac" + "00000001" + "68ee3c80");

    assertThat(HEX.formatHex(AnnexB.avcC(header)))
        .isEqualTo(
            "0164001fff" + "e1" + "0005" + "6764001fac" + "01" + "0004" + "68ee3c80" + "fdf8f800");
  }

  @Test
  void refusesAHeaderWithoutParameterSets() {
    assertThatThrownBy(() -> AnnexB.avcC(new byte[] {0, 0, 1, 0x67}))
        .isInstanceOf(NativeException.class);
  }
}

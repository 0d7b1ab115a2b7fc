package io.millrace.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JvmHeapTest {

  @Test
  void readsG1() throws IOException {
    assertThat(
            JvmHeap.parseUsedBytes(
                """
                 garbage-first heap   total 262144K, used 3072K [0x0, 0x1)
                  region size 2048K, 1 young (2048K), 0 survivors (0K)
                 Metaspace       used 5120K, committed 5248K, reserved 1114112K
                """))
        .isEqualTo(3072 * 1024L);
  }

  @Test
  void sumsGenerationsOfSerial() throws IOException {
    assertThat(
            JvmHeap.parseUsedBytes(
                """
                 def new generation   total 9792K, used 1000K [0x0)
                  eden space 8704K,  11% used
                 tenured generation   total 21888K, used 24K [0x0)
                """))
        .isEqualTo(1024 * 1024L);
  }

  @Test
  void rejectsTextWithoutFigures() {
    assertThatThrownBy(() -> JvmHeap.parseUsedBytes("nothing")).isInstanceOf(IOException.class);
  }

  @Test
  void shouldReadTheSumOfAHistogram() throws IOException {
    String histogram =
        """
        24820:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         71784      169072472  [B (java.base@17.0.15)
           2:         63093        1514232  java.lang.String (java.base@17.0.15)
        Total        322917      182556120
        """;
    assertThat(JvmHeap.parseLiveBytes(histogram)).isEqualTo(182_556_120);
    assertThatThrownBy(() -> JvmHeap.parseLiveBytes("nothing")).isInstanceOf(IOException.class);
  }
}

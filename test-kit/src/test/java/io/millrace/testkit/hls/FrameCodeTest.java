package io.millrace.testkit.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.hls.FrameCode.Reading;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameCodeTest {

  @ParameterizedTest
  @CsvSource({"1920,1080", "1280,720", "854,480", "480,854", "606,1080", "640,360"})
  void readsWhatItDrew(int width, int height) {
    for (int number : new int[] {0, 1, 2, 255, 256, 1799, 65_536, FrameCode.LIMIT - 1}) {
      assertThat(FrameCode.read(drawn(width, height, number), width, height))
          .isEqualTo(new Reading(number, ""));
    }
  }

  @ParameterizedTest
  @CsvSource({"1920,1080,854,480", "1280,720,854,480", "1080,1920,480,854", "1920,1080,1280,720"})
  void survivesScalingAndNoise(int width, int height, int outWidth, int outHeight) {
    Random random = new Random(7);
    for (int number = 0; number < 300; number += 13) {
      byte[] scaled = scaled(drawn(width, height, number), width, height, outWidth, outHeight);
      for (int i = 0; i < scaled.length; i++) {
        int noisy = (scaled[i] & 0xff) + (int) (random.nextGaussian() * 30);
        scaled[i] = (byte) Math.max(0, Math.min(255, noisy));
      }
      assertThat(FrameCode.read(scaled, outWidth, outHeight)).isEqualTo(new Reading(number, ""));
    }
  }

  @Test
  void refusesPicturesWithoutACode() {
    byte[] picture = new byte[640 * 360];
    for (int level : new int[] {16, 128, 235}) {
      Arrays.fill(picture, (byte) level);
      assertThat(FrameCode.read(picture, 640, 360).isReadable()).isFalse();
    }
  }

  @Test
  void findsEverySingleWrongBlockByTheChecksum() {
    for (int block = 0; block < 32; block++) {
      byte[] picture = drawn(640, 352, 1234);
      int left = block % 16 * 40;
      int top = (7 + block / 16) * 22;
      for (int y = top; y < top + 22; y++) {
        for (int x = left; x < left + 40; x++) {
          picture[y * 640 + x] = (byte) (251 - (picture[y * 640 + x] & 0xff));
        }
      }
      assertThat(FrameCode.read(picture, 640, 352).failure()).contains("checksum");
    }
  }

  @Test
  void refusesNumbersOfMoreThan24Bits() {
    assertThatThrownBy(() -> drawn(640, 360, FrameCode.LIMIT)).hasMessageContaining("24 bits");
  }

  private static byte[] drawn(int width, int height, int number) {
    byte[] picture = new byte[width * height * 3 / 2];
    Arrays.fill(picture, (byte) 120);
    FrameCode.draw(picture, width, height, number);
    return picture;
  }

  /** By area, as good as bicubic for blocks of this size. */
  private static byte[] scaled(byte[] luma, int width, int height, int outWidth, int outHeight) {
    byte[] out = new byte[outWidth * outHeight];
    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        int sum = 0;
        for (int sub = 0; sub < 4; sub++) {
          int fromX = (2 * x + sub % 2) * width / (2 * outWidth);
          int fromY = (2 * y + sub / 2) * height / (2 * outHeight);
          sum += luma[fromY * width + fromX] & 0xff;
        }
        out[y * outWidth + x] = (byte) (sum / 4);
      }
    }
    return out;
  }
}

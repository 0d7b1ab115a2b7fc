package io.millrace.media.ladder;

/** H.264 level limits, ITU-T H.264 table A-1 (baseline and main bit rates). */
enum H264Level {
  L1_0(10, 1_485, 99, 64),
  L2_0(20, 11_880, 396, 2_000),
  L2_1(21, 19_800, 792, 4_000),
  L3_0(30, 40_500, 1_620, 10_000),
  L3_1(31, 108_000, 3_600, 14_000),
  L3_2(32, 216_000, 5_120, 20_000),
  L4_0(40, 245_760, 8_192, 20_000),
  L4_2(42, 522_240, 8_704, 50_000),
  L5_0(50, 589_824, 22_080, 135_000),
  L5_1(51, 983_040, 36_864, 240_000),
  L5_2(52, 2_073_600, 36_864, 240_000);

  private final int timesTen;
  private final int blocksPerSecond;
  private final int blocks;
  private final int kilobits;

  H264Level(int timesTen, int blocksPerSecond, int blocks, int kilobits) {
    this.timesTen = timesTen;
    this.blocksPerSecond = blocksPerSecond;
    this.blocks = blocks;
    this.kilobits = kilobits;
  }

  /** The lowest level, times ten, that holds such a stream. */
  static int of(int width, int height, double fps, int maxrateBps) {
    long size = (long) ((width + 15) / 16) * ((height + 15) / 16);
    for (H264Level level : values()) {
      if (size <= level.blocks
          && size * fps <= level.blocksPerSecond * 1.001
          && maxrateBps <= level.kilobits * 1000L) {
        return level.timesTen;
      }
    }
    return L5_2.timesTen;
  }
}

package io.millrace.media.worker;

import java.util.Locale;

/**
 * The moving test picture: colour bars, a grey ramp, a ball that crosses the picture in four
 * seconds, and the running time and frame number in large digits.
 */
final class TestPicture {
  private static final double BARS = 0.56;
  private static final double RAMP = 0.66;
  private static final int TEXT = 225;
  private static final int LABEL = 140;
  private static final PictureCanvas.Color GROUND = PictureCanvas.Color.rgb(16, 20, 26);
  private static final PictureCanvas.Color BALL = PictureCanvas.Color.rgb(255, 122, 40);
  private static final int[][] BAR_RGB = {
    {191, 191, 191},
    {191, 191, 0},
    {0, 191, 191},
    {0, 191, 0},
    {191, 0, 191},
    {191, 0, 0},
    {0, 0, 191},
  };

  private final PictureCanvas still;
  private final PictureCanvas picture;
  private final BitmapFont large;
  private final BitmapFont small;
  private final int fps;
  private final int rampTop;
  private final int panelTop;

  TestPicture(int width, int height, int fps) {
    this.fps = fps;
    still = new PictureCanvas(width, height);
    picture = new PictureCanvas(width, height);
    int unit = Math.min(width * 9 / 16, height);
    large = new BitmapFont(Math.max(2, unit / 72));
    small = new BitmapFont(Math.max(1, unit / 240));
    rampTop = even(height * BARS);
    panelTop = even(height * RAMP);
    drawStill();
    picture.copyRows(still, 0);
  }

  private static int even(double value) {
    return (int) value / 2 * 2;
  }

  private void drawStill() {
    int width = still.width;
    for (int i = 0; i < BAR_RGB.length; i++) {
      int[] c = BAR_RGB[i];
      still.rectangle(
          even((double) width * i / BAR_RGB.length),
          0,
          i == BAR_RGB.length - 1 ? width : even((double) width * (i + 1) / BAR_RGB.length),
          rampTop,
          PictureCanvas.Color.rgb(c[0], c[1], c[2]));
    }
    for (int x = 0; x + 1 < width; x += 2) {
      int grey = 16 + 219 * x / width;
      still.rectangle(x, rampTop, x + 2, panelTop, new PictureCanvas.Color(grey, 128, 128));
    }
    still.rectangle(0, panelTop, width, still.height, GROUND);
    int margin = margin();
    still.text(small, margin, labelTop(), "MILLRACE TEST PICTURE", LABEL);
    String format = still.width + "X" + still.height + "  " + fps + " FPS";
    still.text(small, width - margin - small.width(format), labelTop(), format, LABEL);
  }

  private int margin() {
    return even(still.width * 0.04);
  }

  private int labelTop() {
    return panelTop + (still.height - panelTop) / 8;
  }

  /** The picture of one frame; valid until the next call. */
  PictureCanvas draw(long frame) {
    picture.copyRows(still, rampTop);
    double phase = (double) (frame % (4L * fps)) / (4 * fps);
    double x = (0.5 - 0.5 * Math.cos(2 * Math.PI * phase)) * (picture.width * 0.92);
    double radius = (panelTop - rampTop) * 0.4;
    picture.disc(picture.width * 0.04 + x, (rampTop + panelTop) / 2.0, radius, BALL);
    int top = labelTop() + small.height() * 3;
    picture.text(large, margin(), top, clock(frame), TEXT);
    String number = String.format(Locale.ROOT, "%06d", frame % 1_000_000);
    BitmapFont font = picture.width >= picture.height ? large : small;
    int below = picture.width >= picture.height ? top : top + large.height() + small.height() * 2;
    picture.text(font, picture.width - margin() - font.width(number), below, number, TEXT);
    return picture;
  }

  private String clock(long frame) {
    long seconds = frame / fps;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%02d",
        seconds / 3600 % 100,
        seconds / 60 % 60,
        seconds % 60,
        frame % fps * 100 / fps);
  }
}

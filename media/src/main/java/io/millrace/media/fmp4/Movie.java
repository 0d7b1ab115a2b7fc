package io.millrace.media.fmp4;

/** The boxes around a sample entry. Source: ISO/IEC 14496-12 §8. */
final class Movie {
  private static final int TRACK_ID = 1;
  private static final int[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  private static final int ENABLED_IN_MOVIE = 3;
  private static final int LANGUAGE_UND = 0x55C4;

  private Movie() {}

  /** A box inside {@code stsd}. */
  interface SampleEntry {
    void write(BoxWriter out);
  }

  /** One track; sizes are display sizes, 0 for audio. */
  record Track(boolean video, int width, int height, SampleEntry entry) {}

  static byte[] init(int timescale, Track track) {
    BoxWriter out = new BoxWriter();
    int ftyp = out.box("ftyp");
    out.ascii("iso6");
    out.u32(0);
    out.ascii("iso6cmf2mp41");
    out.end(ftyp);
    int moov = out.box("moov");
    movieHeader(out, timescale);
    int trak = out.box("trak");
    trackHeader(out, track);
    media(out, timescale, track);
    out.end(trak);
    int mvex = out.box("mvex");
    int trex = out.fullBox("trex", 0, 0);
    out.u32(TRACK_ID);
    out.u32(1); // default_sample_description_index
    out.zeros(12); // default duration, size and flags: every fragment says its own
    out.end(trex);
    out.end(mvex);
    out.end(moov);
    return out.toByteArray();
  }

  private static void movieHeader(BoxWriter out, int timescale) {
    int mvhd = out.fullBox("mvhd", 0, 0);
    out.zeros(8); // creation and modification time
    out.u32(timescale);
    out.u32(0); // duration: in fragments
    out.u32(0x10000); // rate
    out.u16(0x100); // volume
    out.zeros(10);
    matrix(out);
    out.zeros(24);
    out.u32(TRACK_ID + 1);
    out.end(mvhd);
  }

  private static void trackHeader(BoxWriter out, Track track) {
    int tkhd = out.fullBox("tkhd", 0, ENABLED_IN_MOVIE);
    out.zeros(8);
    out.u32(TRACK_ID);
    out.zeros(4);
    out.u32(0); // duration
    out.zeros(8);
    out.u16(0); // layer
    out.u16(0); // alternate_group
    out.u16(track.video() ? 0 : 0x100); // volume
    out.u16(0);
    matrix(out);
    out.u32(track.width() << 16);
    out.u32(track.height() << 16);
    out.end(tkhd);
  }

  private static void matrix(BoxWriter out) {
    for (int value : UNITY_MATRIX) {
      out.u32(value);
    }
  }

  private static void media(BoxWriter out, int timescale, Track track) {
    int mdia = out.box("mdia");
    int mdhd = out.fullBox("mdhd", 0, 0);
    out.zeros(8);
    out.u32(timescale);
    out.u32(0);
    out.u16(LANGUAGE_UND);
    out.u16(0);
    out.end(mdhd);
    int hdlr = out.fullBox("hdlr", 0, 0);
    out.u32(0);
    out.ascii(track.video() ? "vide" : "soun");
    out.zeros(12);
    out.ascii(track.video() ? "video\0" : "audio\0");
    out.end(hdlr);
    int minf = out.box("minf");
    if (track.video()) {
      int vmhd = out.fullBox("vmhd", 0, 1);
      out.zeros(8);
      out.end(vmhd);
    } else {
      int smhd = out.fullBox("smhd", 0, 0);
      out.zeros(4);
      out.end(smhd);
    }
    dataInformation(out);
    sampleTable(out, track.entry());
    out.end(minf);
    out.end(mdia);
  }

  private static void dataInformation(BoxWriter out) {
    int dinf = out.box("dinf");
    int dref = out.fullBox("dref", 0, 0);
    out.u32(1);
    int url = out.fullBox("url ", 0, 1); // media is in the same file
    out.end(url);
    out.end(dref);
    out.end(dinf);
  }

  private static void sampleTable(BoxWriter out, SampleEntry entry) {
    int stbl = out.box("stbl");
    int stsd = out.fullBox("stsd", 0, 0);
    out.u32(1);
    entry.write(out);
    out.end(stsd);
    for (String empty : new String[] {"stts", "stsc", "stco"}) {
      int box = out.fullBox(empty, 0, 0);
      out.u32(0);
      out.end(box);
    }
    int stsz = out.fullBox("stsz", 0, 0);
    out.zeros(8);
    out.end(stsz);
    out.end(stbl);
  }
}

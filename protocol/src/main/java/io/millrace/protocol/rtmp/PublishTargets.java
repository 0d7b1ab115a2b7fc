package io.millrace.protocol.rtmp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the forms in which encoders put application, instance and key: {@code rtmp://h/app} + key,
 * {@code rtmp://h/app/key} alone, {@code rtmp://h/app/inst/key}, a query behind any of them, a key
 * in {@code ?key=}, leading and trailing slashes.
 */
final class PublishTargets {
  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  private static final int MAX_TEXT = 2048;
  private static final int MAX_PART = 64;
  private static final int MAX_PARTS = 8;
  private static final int MAX_PARAMS = 32;

  private PublishTargets() {}

  /**
   * @throws RtmpException BAD_NAME, without the name
   */
  static PublishTarget of(RtmpConnect connect, String publishName) throws RtmpException {
    if (connect.app().length() > MAX_TEXT || publishName.length() > MAX_TEXT) {
      throw badName("too long");
    }
    Map<String, String> params = new LinkedHashMap<>();
    query(connect.tcUrl(), params);
    List<String> parts = parts(query(connect.app(), params));
    int appParts = parts.size();
    parts.addAll(parts(query(publishName, params)));
    String key = params.get("key");
    if (parts.size() == appParts && appParts < 2 && key != null) {
      parts.add(checked(key));
    }
    boolean named = parts.size() > appParts || appParts > 1;
    if (!named || parts.size() > MAX_PARTS) {
      throw badName("no name");
    }
    String name = parts.remove(parts.size() - 1);
    String app = parts.isEmpty() ? "" : parts.remove(0);
    return new PublishTarget(
        host(connect.tcUrl()), app, List.copyOf(parts), name, Collections.unmodifiableMap(params));
  }

  /** Adds the parameters behind {@code ?} and returns what is before it. */
  private static String query(String text, Map<String, String> params) throws RtmpException {
    int mark = text.indexOf('?');
    if (mark < 0 || text.length() > MAX_TEXT) {
      return text;
    }
    for (String pair : text.substring(mark + 1).split("&", MAX_PARAMS + 1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && params.size() < MAX_PARAMS) {
        params.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return text.substring(0, mark);
  }

  private static List<String> parts(String path) throws RtmpException {
    List<String> parts = new ArrayList<>();
    for (String raw : path.split("/", -1)) {
      if (!raw.isEmpty()) {
        parts.add(checked(decode(raw)));
      }
    }
    return parts;
  }

  private static String checked(String part) throws RtmpException {
    if (part.isEmpty() || part.length() > MAX_PART) {
      throw badName("length: " + part.length() + " (expected: 1 to 64)");
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      boolean allowed = ALPHABET.indexOf(c) >= 0;
      if (!allowed) {
        throw badName("character outside [A-Za-z0-9_-]");
      }
    }
    return part;
  }

  /** Decodes percent escapes once; a plus sign stays. */
  private static String decode(String text) throws RtmpException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int high = i + 2 < in.length ? Character.digit((char) in[i + 1], 16) : -1;
        int low = i + 2 < in.length ? Character.digit((char) in[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw badName("broken percent escape");
        }
        out[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else {
        out[length++] = in[i];
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  /** Host of {@code rtmp://[user:pass@]host[:port]/...}; the user part is ignored. */
  static String host(String tcUrl) {
    int scheme = tcUrl.indexOf("://");
    if (scheme < 0 || tcUrl.length() > MAX_TEXT) {
      return "";
    }
    int end = tcUrl.length();
    for (int i = scheme + 3; i < end; i++) {
      if ("/?".indexOf(tcUrl.charAt(i)) >= 0) {
        end = i;
      }
    }
    String authority = tcUrl.substring(scheme + 3, end);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = authority.lastIndexOf(':');
    boolean port = colon >= 0 && authority.indexOf(']', colon) < 0;
    return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
  }

  private static RtmpException badName(String why) {
    return new RtmpException(
        RtmpError.BAD_NAME, RtmpException.Scope.MESSAGE, "stream name: " + why);
  }
}

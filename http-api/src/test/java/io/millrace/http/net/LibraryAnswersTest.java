package io.millrace.http.net;

/** Requests that are not simple, so that Pekko HTTP's server layer answers. */
class LibraryAnswersTest extends HttpListenerContract {
  LibraryAnswersTest() {
    super("X_Unusual_Name: 1\r\n");
  }
}

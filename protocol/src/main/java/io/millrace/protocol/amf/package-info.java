/**
 * AMF0, the value format of RTMP commands and metadata. Entry types: {@link
 * io.millrace.protocol.amf.Amf0Reader} and {@link io.millrace.protocol.amf.Amf0Writer}. Imports the
 * JDK only.
 */
package io.millrace.protocol.amf;

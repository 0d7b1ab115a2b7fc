/** The configured ladder, and which rungs of which size and rate a given source gets. Pure. */
package io.millrace.media.ladder;

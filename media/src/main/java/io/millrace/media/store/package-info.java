/** Where segments are kept while they are fetchable; implementations live with the node. */
package io.millrace.media.store;

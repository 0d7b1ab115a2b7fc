/**
 * What the nodes of a cluster share in Redis: the directory of streams and the segments of the
 * window; made by {@link io.millrace.node.store.redis.RedisStores}. Durable state is the plugin's.
 */
package io.millrace.node.store.redis;

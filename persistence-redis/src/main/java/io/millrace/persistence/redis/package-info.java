/**
 * Pekko Persistence on Redis: {@link io.millrace.persistence.redis.RedisJournal}, {@link
 * io.millrace.persistence.redis.RedisSnapshotStore}, {@link
 * io.millrace.persistence.redis.RedisStateStore}, and values guarded by an epoch, {@link
 * io.millrace.persistence.redis.RedisFencedStore}. Uses nothing but Pekko and Lettuce.
 */
package io.millrace.persistence.redis;

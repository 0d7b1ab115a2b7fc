/**
 * A real redis-server for tests: {@link io.millrace.testkit.redis.RedisServer} starts, kills,
 * pauses and restarts it, {@link io.millrace.testkit.redis.RedisProbe} asks it.
 */
package io.millrace.testkit.redis;

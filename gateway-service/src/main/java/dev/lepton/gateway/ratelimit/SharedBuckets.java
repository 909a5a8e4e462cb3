package dev.lepton.gateway.ratelimit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The buckets that all gateways share, in Redis, each request one script. Redis is connected to in
 * the background, because connecting blocks; a request never waits for more than one command, and
 * after the first that fails for nothing, until Redis has answered again.
 */
final class SharedBuckets implements SmartInitializingSingleton, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(SharedBuckets.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String PREFIX = "lepton:rate-limit:";
    private static final String PROBE = "(probe)";
    private static final Limit PROBED = new Limit(1, 1, Duration.ofSeconds(1));

    private final RedisScript<String> script =
            RedisScript.of(new ClassPathResource("take.lua", SharedBuckets.class), String.class);
    private final LettuceConnectionFactory redis;
    private final Scheduler background;

    /** Null while Redis does not answer. */
    private final AtomicReference<@Nullable ReactiveRedisConnection> answering =
            new AtomicReference<>();

    private final AtomicBoolean outageTold = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param background where a task may block
     */
    SharedBuckets(LettuceConnectionFactory redis, Scheduler background) {
        this.redis = redis;
        this.background = background;
    }

    @Override
    public void afterSingletonsInstantiated() {
        background.schedule(this::look);
    }

    @Override
    public void destroy() {
        closed = true;
    }

    boolean answer() {
        return answering.get() != null;
    }

    /** Empty when Redis does not answer. */
    Mono<Verdict> take(String key, Limit limit, long tokens) {
        ReactiveRedisConnection connection = answering.get();
        if (connection == null) {
            return Mono.empty();
        }
        return take(connection, key, limit, tokens)
                .onErrorResume(error -> {
                    lost(connection, error);
                    return Mono.empty();
                });
    }

    private Mono<Verdict> take(
            ReactiveRedisConnection connection, String key, Limit limit, long tokens) {
        ReactiveScriptingCommands scripts = connection.scriptingCommands();
        return Mono.defer(() ->
                        scripts.<ByteBuffer>evalSha(
                                        script.getSha1(),
                                        ReturnType.VALUE,
                                        1,
                                        keyAndArguments(key, limit, tokens))
                                .onErrorResume(
                                        SharedBuckets::isScriptUnknown,
                                        unknown -> whole(scripts, key, limit, tokens))
                                .next())
                .map(SharedBuckets::verdict);
    }

    /** After this Redis knows the script by its digest, until it starts again. */
    private Flux<ByteBuffer> whole(
            ReactiveScriptingCommands scripts, String key, Limit limit, long tokens) {
        return scripts.eval(
                bytes(script.getScriptAsString()),
                ReturnType.VALUE,
                1,
                keyAndArguments(key, limit, tokens));
    }

    private static boolean isScriptUnknown(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains("NOSCRIPT")) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer[] keyAndArguments(String key, Limit limit, long tokens) {
        return new ByteBuffer[] {
            bytes(PREFIX + key),
            bytes(Long.toString(limit.capacity())),
            bytes(Long.toString(limit.tokens())),
            bytes(Long.toString(TimeUnit.NANOSECONDS.toMicros(limit.period().toNanos()))),
            bytes(Long.toString(tokens))
        };
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict verdict(ByteBuffer answer) {
        String[] parts = StandardCharsets.US_ASCII.decode(answer).toString().split(" ");
        return new Verdict(
                parts[0].equals("1"), Long.parseLong(parts[1]), micros(parts[2]), micros(parts[3]));
    }

    private static Duration micros(String text) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(text)));
    }

    private void lost(ReactiveRedisConnection connection, Throwable error) {
        if (answering.compareAndSet(connection, null)) {
            tellOutage(error);
            background.schedule(this::look);
        }
    }

    private void look() {
        if (closed) {
            return;
        }
        try {
            ReactiveRedisConnection connection = redis.getReactiveConnection();
            take(connection, PROBE, PROBED, 1).block();
            answering.set(connection);
            outageTold.set(false);
            log.info("Redis answers: the gateways share their rate limits");
        } catch (RuntimeException e) {
            tellOutage(e);
            // A connection to a host that is gone would otherwise be kept for minutes.
            redis.resetConnection();
            background.schedule(this::look, PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void tellOutage(Throwable error) {
        if (!closed && outageTold.compareAndSet(false, true)) {
            log.warn(
                    "Redis does not answer, each gateway applies its rate limits by itself: {}",
                    error.toString());
        }
    }
}

package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.overload.ServiceLoad;
import dev.lepton.gateway.routing.InFlight;
import dev.lepton.gateway.routing.TrackedUnit;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AttributeKey;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpOperations;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.internal.shaded.reactor.pool.PoolShutdownException;

/**
 * One request at one unit. It counts as in flight at that unit until it is ended, which can be
 * asked for repeatedly.
 */
final class Attempt implements InFlight {

    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(Attempt.class, "used");

    private enum Stage {
        CONNECTING,
        SENDING,
        ABORTED
    }

    /** What it has said about its unit. */
    private enum Verdict {
        NONE,
        /** Held against the unit, until it answers after all. */
        SILENT,
        FINAL
    }

    private final TrackedUnit unit;
    private final boolean probe;
    private final long beganNanos;
    private final LongSupplier millisLeft;
    private final ServiceLoad load;
    private final Consumer<Attempt> whenUnitGone;
    private final BiConsumer<Attempt, Head> whenAnswered;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.CONNECTING);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean waits = new AtomicBoolean();
    private final Disposable.Swap exchange = Disposables.swap();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Connection connection;
    private volatile @Nullable HttpOperations<?, ?> operations;
    private volatile boolean reused;
    private boolean answering;
    private @Nullable WholeBody whole;
    private boolean poolEnded;
    private Verdict verdict = Verdict.NONE;
    private long rttNanos;

    /** The head of a response, and the connection that its body comes from. */
    record Head(HttpClientResponse response, Connection connection) {}

    /**
     * @param millisLeft of the request's deadline
     * @param load where it counts until its answer begins
     */
    Attempt(
            TrackedUnit unit,
            boolean probe,
            long beganNanos,
            LongSupplier millisLeft,
            ServiceLoad load,
            Consumer<Attempt> whenUnitGone,
            BiConsumer<Attempt, Head> whenAnswered) {
        this.unit = unit;
        this.probe = probe;
        this.beganNanos = beganNanos;
        this.millisLeft = millisLeft;
        this.load = load;
        this.whenUnitGone = whenUnitGone;
        this.whenAnswered = whenAnswered;
    }

    TrackedUnit unit() {
        return unit;
    }

    long beganNanos() {
        return beganNanos;
    }

    /**
     * Whether it went over a connection that had carried a request before, and that its unit may
     * have closed meanwhile.
     */
    boolean reused() {
        return reused && !answering;
    }

    /** Whether it failed because another request had its pool of connections forgotten. */
    boolean poolEnded() {
        return poolEnded;
    }

    Disposable.Swap exchange() {
        return exchange;
    }

    Disposable.Swap timer() {
        return timer;
    }

    void begin() {
        waits.set(true);
        load.begin();
        unit.begin(this, beganNanos);
    }

    private void waitsNoLonger() {
        if (waits.compareAndSet(true, false)) {
            load.end();
        }
    }

    @Override
    public void unitGone() {
        whenUnitGone.accept(this);
    }

    /** Called with a connection, before anything is written to it. */
    Publisher<Void> sending(
            HttpClientRequest prepared, NettyOutbound outbound, OutgoingRequest request) {
        if (!stage.compareAndSet(Stage.CONNECTING, Stage.SENDING)) {
            return Mono.error(new AbortedException("the attempt was given up before it was sent"));
        }
        outbound.withConnection(c -> {
            connection = c;
            reused = c.channel().attr(USED).getAndSet(Boolean.TRUE) != null;
        });
        operations = prepared instanceof HttpOperations<?, ?> known ? known : null;
        setHeaders(prepared.requestHeaders(), request);
        // Not send(), which collects the whole body of a GET, HEAD or DELETE in memory.
        return request.body() == null ? outbound : outbound.sendObject(request.body().read());
    }

    /** Of what the HTTP client says by itself only the host stays. */
    private void setHeaders(HttpHeaders headers, OutgoingRequest request) {
        String host = headers.get(HttpHeaderNames.HOST);
        headers.clear();
        headers.add(HttpHeaderNames.HOST, host);
        request.headers().accept(headers);
        headers.set(LeptonHeaders.UNIT, unit.id().value());
        headers.set(LeptonHeaders.DEADLINE, Long.toString(millisLeft.getAsLong()));
    }

    /** The head of a short answer is there, which counts when all of it is. */
    void answering() {
        answering = true;
        waitsNoLonger();
    }

    void answered(HttpClientResponse response, Connection from) {
        waitsNoLonger();
        whole = from instanceof WholeBody body ? body : null;
        whenAnswered.accept(this, new Head(response, from));
    }

    /** Gives it up if it has no connection yet; afterwards nothing will be sent. */
    boolean abortUnsent() {
        return stage.compareAndSet(Stage.CONNECTING, Stage.ABORTED);
    }

    /** What an error means for the question whether to send the request again. */
    Failure failure(Throwable error) {
        poolEnded = error instanceof PoolShutdownException;
        return sent(error) ? Failure.BROKEN : Failure.NOT_SENT;
    }

    private boolean sent(Throwable error) {
        if (abortUnsent()) {
            // The connection may still come: a pool can tell of its time limit and yet give one.
            return false;
        }
        HttpOperations<?, ?> used = operations;
        boolean closedBeforeSend =
                error instanceof AbortedException
                        && String.valueOf(error.getMessage()).contains("BEFORE send");
        return used == null || (used.hasSentHeaders() && !closedBeforeSend);
    }

    /** Whether nobody accepts connections at the unit's address. */
    static boolean isRefusal(Throwable error) {
        return error instanceof ConnectException
                || error instanceof ConnectTimeoutException
                || error instanceof NoRouteToHostException;
    }

    /** Stops it wherever it is. */
    void cancel() {
        stage.set(Stage.ABORTED);
        exchange.dispose();
        Connection open = connection;
        if (open != null) {
            open.dispose();
        }
        end();
    }

    /** It is over: the unit no longer has it in flight. */
    void end() {
        timer.dispose();
        waitsNoLonger();
        if (whole != null) {
            whole.dispose();
        }
        if (ended.compareAndSet(false, true)) {
            unit.end(this);
            if (probe && verdict == Verdict.NONE) {
                unit.breaker().abandonProbe();
            }
        }
    }

    /**
     * A failure is held against the unit at once; what else it answers, when it is served.
     *
     * @param penalty the least that a failure costs in latency: one that comes fast would otherwise
     *     make its unit look like the best of all
     */
    void judgeAnswer(int status, long nowNanos, Duration penalty) {
        long rtt = nowNanos - beganNanos;
        unit.answered(nowNanos);
        if (isFailure(status)) {
            judgeFailed(nowNanos, penalty);
        } else {
            rttNanos = rtt;
            unit.observeLatency(rtt, nowNanos);
        }
    }

    /**
     * The client has something of the answer: only now it speaks for the unit. One that dies after
     * every head has not served anybody.
     */
    void judgeServed() {
        if (verdict != Verdict.FINAL) {
            verdict = Verdict.FINAL;
            unit.breaker().answered(rttNanos);
        }
    }

    /** What 501 and 505 refuse is the request, whichever unit it goes to. */
    private static boolean isFailure(int status) {
        return status >= 500 && status != 501 && status != 505;
    }

    /**
     * Held against the unit unless something of this attempt was before.
     *
     * @param penalty as for an answer
     */
    void judgeFailed(long nowNanos, Duration penalty) {
        long rtt = nowNanos - beganNanos;
        unit.observeLatency(Math.max(rtt, penalty.toNanos()), nowNanos);
        if (verdict == Verdict.NONE) {
            unit.breaker().failed(rtt);
        }
        verdict = Verdict.FINAL;
    }

    void judgeRefused() {
        verdict = Verdict.FINAL;
        unit.breaker().refused();
    }

    void judgeDeclined() {
        verdict = Verdict.FINAL;
        unit.breaker().declined();
    }

    /** Another attempt answered first: its unit takes at least as long as it had until now. */
    void judgeOvertaken(long nowNanos) {
        long elapsed = nowNanos - beganNanos;
        if (elapsed > unit.latencyNanos(nowNanos)) {
            unit.observeLatency(elapsed, nowNanos);
        }
    }

    /**
     * It waited for a whole timeout: evidence against the unit only if that answered nobody
     * meanwhile, and counted once however often it is told.
     */
    void judgeTimeout(long nowNanos, boolean anotherAnsweredQuickly) {
        unit.observeLatency(nowNanos - beganNanos, nowNanos);
        if (!unit.silentSince(beganNanos)) {
            return;
        }
        if (verdict == Verdict.NONE) {
            verdict = Verdict.SILENT;
            unit.breaker().silent(nowNanos - beganNanos, anotherAnsweredQuickly);
        } else if (verdict == Verdict.SILENT && anotherAnsweredQuickly) {
            unit.breaker().silenceProven();
        }
    }
}

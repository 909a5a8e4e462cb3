package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.gateway.LeakCheck;
import dev.lepton.gateway.RunningGateway;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.service.Experiences;
import dev.lepton.gateway.settings.Priority;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

@ExtendWith(LeakCheck.class)
class UnitClientIT {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** An HTTP client that repeats a request by itself subscribes to it once more. */
    @Test
    void attemptIsSentOnceHoweverOftenTheHttpClientBeginsIt(@TempDir Path home) {
        try (StubUnit unit = StubUnit.good("once-1");
                RunningGateway gateway = RunningGateway.start(home)) {
            gateway.up("once", unit);
            Attempt attempt = attempt(gateway, unit);
            Flux<Void> exchange =
                    Flux.from(gateway.bean(UnitClient.class).send(request(), attempt));

            exchange.blockLast(LONG);

            assertThatThrownBy(() -> exchange.blockLast(LONG))
                    .isInstanceOf(AbortedException.class)
                    .hasMessageContaining("the attempt was given up before it was sent");
            assertThat(unit.requests()).hasSize(1);
        }
    }

    /**
     * A pool tells of its time limit on a thread of its own, while a loop hands a connection out.
     */
    @Test
    void attemptThatFailedBeforeItWasSentIsNotSentOverAConnectionThatComesLater(
            @TempDir Path home) {
        try (StubUnit unit = StubUnit.good("late-1");
                RunningGateway gateway = RunningGateway.start(home)) {
            gateway.up("once", unit);
            Attempt attempt = attempt(gateway, unit);

            Failure failure = attempt.failure(new PoolAcquireTimeoutException(LONG));

            assertThat(failure).isEqualTo(Failure.NOT_SENT);
            Flux<Void> exchange =
                    Flux.from(gateway.bean(UnitClient.class).send(request(), attempt));
            assertThatThrownBy(() -> exchange.blockLast(LONG))
                    .isInstanceOf(AbortedException.class)
                    .hasMessageContaining("the attempt was given up before it was sent");
            assertThat(unit.requests()).isEmpty();
        }
    }

    private static Attempt attempt(RunningGateway gateway, StubUnit unit) {
        return new Attempt(
                gateway.tracked(unit),
                false,
                System.nanoTime(),
                () -> 1000,
                gateway.bean(Experiences.class).with("once").load(),
                gone -> {},
                (from, head) -> head.connection().dispose());
    }

    private static OutgoingRequest request() {
        return new OutgoingRequest(
                "once",
                Affinity.NONE,
                HttpMethod.GET,
                "/x",
                headers -> {},
                null,
                0,
                false,
                LONG,
                Priority.NORMAL,
                ImmediateEventExecutor.INSTANCE);
    }
}

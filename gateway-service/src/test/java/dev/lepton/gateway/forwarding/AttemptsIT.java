package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.LeakCheck;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.balancing.Balancings;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.Breakers;
import dev.lepton.gateway.breaker.UnitBreaker;
import dev.lepton.gateway.holding.HoldMetrics;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import dev.lepton.gateway.service.Experiences;
import dev.lepton.gateway.settings.GatewaySettings;
import dev.lepton.gateway.settings.Priority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpResources;

/** The attempts of a request at units that listen, without a gateway around them. */
@ExtendWith(LeakCheck.class)
class AttemptsIT {

    private final GatewaySettings settings =
            new Binder(
                            new MapConfigurationPropertySource(
                                    Map.of(
                                            "lepton.gateway.deadline", "1s",
                                            "lepton.gateway.attempt-timeout", "500ms",
                                            "lepton.gateway.pool.max-connections", 2)))
                    .bindOrCreate("lepton.gateway", GatewaySettings.class);
    private final WaitingRoom room = new WaitingRoom(1, new HoldMetrics(new SimpleMeterRegistry()));
    private final RoutingTables tables =
            new RoutingTables(
                    new Breakers(settings.breaker(), System::nanoTime),
                    SlowStart.OFF,
                    service -> Balancings.plain(BalancerKind.LEAST_LOADED),
                    System::nanoTime,
                    unit -> {},
                    room::tableChanged);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final UnitClient client =
            new UnitClient(
                    settings,
                    new UnitTls(new HttpClientProperties.Ssl(), new DefaultSslBundleRegistry()));
    private final StubUnit unit = StubUnit.good("worker-1");
    private final EventExecutor loop = HttpResources.get().onServer(true).next();

    @AfterEach
    void close() {
        client.destroy();
        unit.close();
    }

    @BeforeEach
    void showUnit() {
        UnitView view = unit.view("worker", UnitState.UP);
        tables.show(new Fleet(new Position("c", 1), Map.of(view.unitId(), view), Map.of()));
    }

    private Attempts attempts(HttpMethod method, @Nullable ReplayBody body) {
        return new Dispatcher(
                        tables,
                        room,
                        client,
                        settings,
                        new Experiences(settings, System::nanoTime),
                        new ForwardingMetrics(meters),
                        Schedulers.parallel(),
                        System::nanoTime,
                        new Random(1))
                .attempts(
                        new OutgoingRequest(
                                "worker",
                                Affinity.NONE,
                                method,
                                "/x",
                                headers(body),
                                body,
                                -1,
                                false,
                                settings.deadline(),
                                Priority.NORMAL,
                                loop));
    }

    private static Consumer<HttpHeaders> headers(@Nullable ReplayBody body) {
        return headers -> {
            if (body != null) {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        };
    }

    @Test
    void requestThatIsHeldWhenItsDeadlinePassesIsToldThatItWasHeld() {
        UnitView view = unit.view("worker", UnitState.RECOVERING);
        tables.show(new Fleet(new Position("c", 2), Map.of(view.unitId(), view), Map.of()));
        Attempts attempts = attempts(HttpMethod.POST, body(Mono.empty()));

        assertThatThrownBy(() -> answer(attempts).block())
                .isInstanceOf(GatewayProblem.class)
                .hasMessageContaining("no routable unit: 1 RECOVERING; held for ");
        attempts.close(false);
    }

    /** The body is kept for the next unit as far as the limit only, and then it has gone by. */
    @Test
    void requestWhoseBodyOutgrewTheLimitWhileItWasHeldStaysWithItsUnit() {
        UnitView up = StubUnit.onNode(unit.view("worker", UnitState.UP), "node-a");
        UnitView down = StubUnit.onNode(unit.view("worker", UnitState.DOWN), "node-a");
        UnitView next = unit.view("worker", UnitState.UP, 2);
        tables.show(new Fleet(new Position("c", 2), Map.of(up.unitId(), up), Map.of()));
        unit.becomes((request, reply) -> reply.send(200, request.text()));
        NettyDataBufferFactory buffers =
                new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
        Sinks.Many<DataBuffer> client = Sinks.many().unicast().onBackpressureBuffer();
        Attempts attempts = attempts(HttpMethod.PUT, new ReplayBody(client.asFlux(), 100));
        CompletableFuture<Answer> answer = answer(attempts).toFuture();
        client.tryEmitNext(buffers.wrap(new byte[60]));
        await().until(() -> unit.bodyBytesSeen() == 60);

        tables.show(new Fleet(new Position("c", 3), Map.of(down.unitId(), down), Map.of()));
        client.tryEmitNext(buffers.wrap(new byte[60]));
        await().until(() -> unit.bodyBytesSeen() == 120);
        tables.show(new Fleet(new Position("c", 4), Map.of(next.unitId(), next), Map.of()));
        client.tryEmitComplete();

        assertThat(answer.join().response().status().code()).isEqualTo(200);
        assertThat(unit.requests()).hasSize(1);
        attempts.close(false);
    }

    @Test
    void bodyThatBreaksOffIsNotTheUnitsFault() {
        for (int i = 0; i < 5; i++) {
            Attempts attempts =
                    attempts(HttpMethod.POST, body(Mono.error(new IOException("gone"))));

            assertThatThrownBy(() -> answer(attempts).block()).isInstanceOf(GatewayProblem.class);
            attempts.close(false);
        }

        assertThat(breakerOfTheUnit().closed()).isTrue();
    }

    @Test
    void bodyThatDoesNotComeIsNotTheUnitsFault() {
        for (int i = 0; i < settings.breaker().silentAttempts(); i++) {
            Attempts attempts = attempts(HttpMethod.POST, body(Mono.never()));

            assertThatThrownBy(() -> answer(attempts).block())
                    .hasMessage("no response began within PT1S");
            attempts.close(false);
        }

        assertThat(breakerOfTheUnit().closed()).isTrue();
    }

    /** A body that begins well. */
    private static ReplayBody body(Mono<DataBuffer> end) {
        NettyDataBufferFactory buffers =
                new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
        return new ReplayBody(
                Mono.fromSupplier(() -> buffers.wrap(new byte[10])).concatWith(end), 100);
    }

    private UnitBreaker breakerOfTheUnit() {
        return trackedUnit().breaker();
    }

    private TrackedUnit trackedUnit() {
        return Objects.requireNonNull(tables.current().tracked().get(new UnitId("worker-1")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void hostThatIsGoneIsNoticedOnAConnectionThatOnlyWaits() {
        // Once a response is there as a whole, its connection belongs to the pool again.
        unit.becomes((request, reply) -> {
            reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n12345");
            reply.hang();
        });
        Attempts attempts = attempts(HttpMethod.GET, null);

        Answer answer = Objects.requireNonNull(answer(attempts).block());

        ChannelConfig connection = answer.connection().channel().config();
        assertThat(connection.getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
        assertThat(connection.getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(5);
        assertThat(connection.getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(1);
        assertThat(connection.getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(3);
        attempts.close(false);
    }

    @Test
    void answerThatNobodyReadsIsLetGo() {
        for (int i = 0; i < 20; i++) {
            Attempts attempts = attempts(HttpMethod.GET, null);
            Answer answer = Objects.requireNonNull(answer(attempts).block());
            answer.connection().onTerminate().block();

            attempts.close(false);
        }

        assertThat(unit.requests()).hasSize(20);
    }

    @Test
    void answerThatIsNoLongerWantedEndsItsAttempts() {
        unit.becomes((request, reply) -> reply.hang());
        Disposable delivery = delivery(attempts(HttpMethod.GET, null), () -> {}).subscribe();
        await().until(() -> unit.requests().size() == 1);

        delivery.dispose();

        await().until(() -> unit.openConnections() == 0);
        assertThat(requestsThatEndedAs(RequestOutcome.CANCELLED)).isEqualTo(1);
        assertThat(trackedUnit().inFlight()).isZero();
    }

    /** As when a time limit passes in the moment in which the answer comes. */
    @Test
    void answerThatComesWhenItIsNoLongerWantedGivesItsConnectionBack() {
        unit.becomes((request, reply) -> {
            reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n12345");
            reply.hang();
        });
        BaseSubscriber<Void> client = new BaseSubscriber<>() {};
        delivery(attempts(HttpMethod.GET, null), client::cancel).subscribe(client);

        await().until(() -> requestsThatEndedAs(RequestOutcome.ANSWERED) == 1);
        await().until(() -> unit.openConnections() == 0);
        assertThat(trackedUnit().inFlight()).isZero();
    }

    private static Mono<Answer> answer(Attempts attempts) {
        return Mono.create(sink ->
                attempts.begin(
                        new Attempts.Sender() {
                            @Override
                            public void answered(Answer answer) {
                                sink.success(answer);
                            }

                            @Override
                            public void failed(Throwable problem) {
                                sink.error(problem);
                            }
                        }));
    }

    /**
     * @param following what the filters that follow do, which never end
     */
    private static Mono<Void> delivery(Attempts attempts, Runnable following) {
        return new Delivery(
                attempts,
                new HeaderRules(List.of(), null),
                MockServerWebExchange.from(MockServerHttpRequest.get("/x")),
                exchange -> {
                    following.run();
                    return Mono.never();
                });
    }

    private double requestsThatEndedAs(RequestOutcome outcome) {
        return meters
                .find("lepton.gateway.requests")
                .tag("outcome", outcome.tag())
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Both connections that the pool may have are taken; another request ends the pool. */
    @Test
    void requestThatWaitsForAConnectionOfAPoolThatEndsIsSentOverOneOfTheNext() {
        unit.becomes((request, reply) -> reply.hang());
        Disposable first = answer(attempts(HttpMethod.POST, null)).subscribe(a -> {}, e -> {});
        Disposable second = answer(attempts(HttpMethod.POST, null)).subscribe(a -> {}, e -> {});
        await().until(() -> unit.requests().size() == 2);
        unit.becomes((request, reply) -> reply.send(200, "ok"));
        Attempts third = attempts(HttpMethod.POST, null);
        CompletableFuture<Answer> answer = answer(third).toFuture();
        await().until(() -> third.begun() == 1);

        // Behind the task of the loop in which it began.
        loop.execute(() -> client.forget(trackedUnit().address()));

        assertThat(answer.join().response().status().code()).isEqualTo(200);
        assertThat(answer.join().attempts()).isEqualTo(2);
        third.close(false);
        second.dispose();
        first.dispose();
    }
}

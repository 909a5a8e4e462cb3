package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.gateway.breaker.BreakerState;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What an upgrade to a web socket finds out about a unit. */
@ExtendWith(LeakCheck.class)
class UpgradeIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static RunningGateway gateway;

    private final List<DisposableServer> servers = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway = RunningGateway.start(home, "--lepton.gateway.breaker.refused=200ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeServers() {
        servers.forEach(DisposableServer::disposeNow);
    }

    private int naming(String id) {
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .route(routes ->
                                routes.ws(
                                        "/ws",
                                        (in, out) ->
                                                out.sendString(
                                                        in.receive().asString().map(s -> id))))
                        .bindNow();
        servers.add(server);
        return server.port();
    }

    private static TrackedUnit tracked(String id) {
        return Objects.requireNonNull(
                gateway.bean(RoutingTables.class).current().tracked().get(new UnitId(id)));
    }

    /** Which unit answers on a new socket. */
    private static String socket(String service) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket =
                gateway.http()
                        .newWebSocketBuilder()
                        .buildAsync(
                                URI.create(
                                        "ws://127.0.0.1:" + gateway.port() + "/" + service + "/ws"),
                                new WebSocket.Listener() {
                                    @Override
                                    public CompletionStage<?> onText(
                                            WebSocket socket, CharSequence data, boolean last) {
                                        answer.complete(data.toString());
                                        return null;
                                    }

                                    @Override
                                    public CompletionStage<?> onClose(
                                            WebSocket socket, int status, String reason) {
                                        answer.complete("closed");
                                        return null;
                                    }

                                    @Override
                                    public void onError(WebSocket socket, Throwable error) {
                                        answer.complete("broken");
                                    }
                                })
                        .get(15, TimeUnit.SECONDS);
        socket.sendText("who", true);
        String unit = answer.get(15, TimeUnit.SECONDS);
        socket.abort();
        return unit;
    }

    @Test
    void unitThatWasLeftAloneIsTriedAgainByAnUpgrade() {
        gateway.put(StubUnit.view("back-1", "back", naming("back-1"), UnitState.UP, 1));
        gateway.put(StubUnit.view("back-2", "back", naming("back-2"), UnitState.UP, 1));
        gateway.push();
        tracked("back-1").breaker().refused();

        List<String> asked = new ArrayList<>();
        await().atMost(SOON)
                .until(() -> {
                    asked.add(socket("back"));
                    return tracked("back-1").breaker().closed();
                });

        assertThat(asked.getFirst()).isEqualTo("back-2");
        assertThat(asked.getLast()).isEqualTo("back-1");
    }

    @Test
    void unitThatRefusesAnUpgradeIsLeftAlone() throws Exception {
        StubUnit dead = StubUnit.refusing("gone-1");
        gateway.put(dead.view("gone", UnitState.UP));
        gateway.push();

        assertThat(socket("gone")).isIn("closed", "broken");

        await().atMost(SOON).until(() -> tracked("gone-1").breaker().state() == BreakerState.OPEN);
    }
}

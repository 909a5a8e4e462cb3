package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitState;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;

/** TLS on both sides, by the bundles of Spring Boot. */
@ExtendWith(LeakCheck.class)
class TlsIT {

    private static RunningGateway gateway;
    private static DisposableServer unit;
    private static DisposableServer stranger;
    private static KeyPairFile edge;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path home) {
        edge = KeyPairFile.create(home, "edge");
        KeyPairFile forUnits = KeyPairFile.create(home, "gateway");
        KeyPairFile ofUnits = KeyPairFile.create(home, "unit");
        unit = serve(ofUnits, forUnits);
        stranger = serve(KeyPairFile.create(home, "stranger"), forUnits);
        List<String> settings = new ArrayList<>(edge.settings("edge", "keystore"));
        settings.addAll(forUnits.settings("units", "keystore"));
        settings.addAll(ofUnits.settings("units", "truststore"));
        settings.add("--server.ssl.bundle=edge");
        settings.add("--server.http2.enabled=true");
        settings.add("--spring.cloud.gateway.server.webflux.httpclient.ssl.ssl-bundle=units");
        settings.add("--spring.cloud.gateway.server.webflux.routes[0].id=address");
        settings.add(
                "--spring.cloud.gateway.server.webflux.routes[0].uri=https://127.0.0.1:"
                        + unit.port());
        settings.add(
                "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/address/**");
        gateway = RunningGateway.start(home, settings.toArray(String[]::new));
        put("secure", unit);
        put("stranger", stranger);
        client = HttpClient.newBuilder().sslContext(edge.trusting()).build();
    }

    /** A unit that only speaks with who proves to be the gateway. */
    private static DisposableServer serve(KeyPairFile own, KeyPairFile gateways) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(tls ->
                        tls.sslContext(
                                Http11SslContextSpec.forServer(own.keys())
                                        .configure(context ->
                                                context.trustManager(gateways.trust())
                                                        .clientAuth(ClientAuth.REQUIRE))))
                .route(routes ->
                        routes.ws("/ws", (in, out) -> out.sendString(Mono.just("secure socket")))
                                .route(
                                        any -> true,
                                        (request, response) ->
                                                response.sendString(
                                                        Mono.just(
                                                                request.uri()
                                                                        + " of "
                                                                        + request.requestHeaders()
                                                                                .get(
                                                                                        "X-Forwarded-Proto")))))
                .bindNow();
    }

    private static void put(String service, DisposableServer server) {
        var plain = StubUnit.view(service + "-1", service, server.port(), UnitState.UP, 1);
        gateway.put(StubUnit.at(plain, new UnitAddress("https", "127.0.0.1", server.port())));
        gateway.push();
    }

    @AfterAll
    static void stop() {
        client.shutdownNow();
        gateway.close();
        unit.disposeNow();
        stranger.disposeNow();
    }

    private static HttpResponse<String> get(HttpClient from, String path)
            throws IOException, InterruptedException {
        return from.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gateway.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1", "HTTP_2"})
    void clientAndUnitAreSpokenToByTls(HttpClient.Version version) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("https://127.0.0.1:" + gateway.port() + "/secure/a?b"))
                        .version(version)
                        .build();

        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).isEqualTo("/a?b of https");
        assertThat(answer.headers().firstValue("Lepton-Unit")).contains("secure-1");
    }

    @Test
    void addressOfARouteIsSpokenToByTheSameBundle() throws Exception {
        assertThat(get(client, "/address/x").body()).startsWith("/address/x of ");
    }

    @Test
    void unitWithACertificateThatIsNotTrustedGetsNothing() throws Exception {
        HttpResponse<String> answer = get(client, "/stranger/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"no-unit\"");
    }

    @Test
    void clientThatDoesNotTrustTheGatewayGetsNothing() {
        try (HttpClient careful = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> get(careful, "/secure/x"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void webSocketsAreSecuredOnBothSides() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        WebSocket socket =
                client.newWebSocketBuilder()
                        .buildAsync(
                                URI.create("wss://127.0.0.1:" + gateway.port() + "/secure/ws"),
                                new WebSocket.Listener() {
                                    @Override
                                    public @Nullable CompletionStage<?> onText(
                                            WebSocket from, CharSequence data, boolean last) {
                                        heard.complete(data.toString());
                                        return null;
                                    }
                                })
                        .get(20, TimeUnit.SECONDS);

        assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("secure socket");
        socket.abort();
    }
}

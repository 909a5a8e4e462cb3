package dev.lepton.gateway;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.FleetList;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole gateway on free ports, with a registry that never answers; tests say who is there. */
public final class RunningGateway implements AutoCloseable {

    private static final String NOBODY = "http://127.0.0.1:9";

    private final ConfigurableApplicationContext context;
    private final Map<UnitId, UnitView> units = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private long revision;

    private RunningGateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static RunningGateway start(Path home, String... settings) {
        List<String> all = new ArrayList<>(List.of("--server.shutdown=immediate"));
        all.addAll(List.of(settings));
        return startThatEndsInOrder(home, all.toArray(String[]::new));
    }

    public static RunningGateway startThatEndsInOrder(Path home, String... settings) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--lepton.home=" + home,
                                "--lepton.registry.url=" + NOBODY));
        args.addAll(List.of(settings));
        return new RunningGateway(
                new SpringApplicationBuilder(GatewayApplication.class)
                        .registerShutdownHook(false)
                        .run(args.toArray(String[]::new)));
    }

    public static void writeDiskList(Path home, UnitView... views) throws IOException {
        Path file = home.resolve("gateway/fleet.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                ProtocolJson.lenient()
                        .writeValueAsString(
                                new FleetList(new Position("c", 1), List.of(views), List.of())));
    }

    public int port() {
        return Integer.parseInt(
                String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    }

    public int actuatorPort() {
        return Integer.parseInt(
                String.valueOf(context.getEnvironment().getProperty("local.management.port")));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public void publish(ApplicationEvent event) {
        context.publishEvent(event);
    }

    public void up(String service, StubUnit... stubs) {
        for (StubUnit stub : stubs) {
            put(stub.view(service, UnitState.UP));
        }
        push();
    }

    public void state(String service, StubUnit stub, UnitState state) {
        put(stub.view(service, state));
        push();
    }

    public void put(UnitView view) {
        units.put(view.unitId(), view);
    }

    /** Nothing is known of it any more. */
    public void remove(StubUnit stub) {
        units.remove(new UnitId(stub.id()));
        push();
    }

    public void push() {
        revision++;
        bean(RoutingTables.class)
                .show(new Fleet(new Position("c", revision), Map.copyOf(units), Map.of()));
    }

    public TrackedUnit tracked(StubUnit stub) {
        TrackedUnit unit = bean(RoutingTables.class).current().tracked().get(new UnitId(stub.id()));
        if (unit == null) {
            throw new IllegalStateException(stub.id() + " is not in the table");
        }
        return unit;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public HttpClient http() {
        return http;
    }

    public HttpResponse<String> actuator(String path) {
        return send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + actuatorPort() + "/actuator" + path)));
    }

    @Override
    public void close() {
        context.close();
        http.shutdownNow();
    }
}

package dev.lepton.benchmarks.peer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Stubs of units in Eureka, which renew as often as its clients do by default. */
final class EurekaUnits implements AutoCloseable {

    private static final int RENEWAL_SECONDS = 30;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI eureka;
    private final String service;
    private final List<Integer> ports;
    private final ScheduledExecutorService renewer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("renewer").factory());

    private EurekaUnits(URI eureka, String service, List<Integer> ports) {
        this.eureka = eureka;
        this.service = service;
        this.ports = ports;
    }

    static EurekaUnits register(URI eureka, String service, List<Integer> ports)
            throws IOException, InterruptedException {
        EurekaUnits units = new EurekaUnits(eureka, service, ports);
        for (int port : ports) {
            units.register(port);
        }
        units.renewer.scheduleAtFixedRate(
                units::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
        return units;
    }

    private void register(int port) throws IOException, InterruptedException {
        int status =
                http.send(
                                HttpRequest.newBuilder(eureka.resolve("apps/" + application()))
                                        .timeout(TIMEOUT)
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString(instance(service, port)))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
        if (status != 204) {
            throw new IOException("Eureka answered a registration with " + status);
        }
    }

    private String application() {
        return service.toUpperCase(Locale.ROOT);
    }

    static String instance(String service, int port) {
        return """
        {"instance": {
          "instanceId": "%1$s:%2$d", "app": "%3$s", "vipAddress": "%1$s",
          "hostName": "127.0.0.1", "ipAddr": "127.0.0.1", "status": "UP",
          "port": {"$": %2$d, "@enabled": "true"},
          "dataCenterInfo": {
            "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn"}
        }}
        """
                .formatted(service, port, service.toUpperCase(Locale.ROOT));
    }

    /** One after the other: of very many units at once each would want a connection of its own. */
    private void renew() {
        int failed = 0;
        for (int port : ports) {
            failed += renewed(port) ? 0 : 1;
        }
        if (failed > 0) {
            System.err.printf("Eureka did not renew %d of %d units%n", failed, ports.size());
        }
    }

    private boolean renewed(int port) {
        URI instance = eureka.resolve("apps/%s/%s:%d".formatted(application(), service, port));
        try {
            return http.send(
                                    HttpRequest.newBuilder(instance)
                                            .timeout(TIMEOUT)
                                            .PUT(BodyPublishers.noBody())
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        renewer.shutdownNow();
        http.shutdownNow();
    }
}

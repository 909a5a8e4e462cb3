package dev.lepton.registry.support;

import dev.lepton.registry.RegistryApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole registry in this JVM, on random ports, with a home of its own. */
public final class RunningRegistry implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final Path home;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    private RunningRegistry(ConfigurableApplicationContext context, Path home) {
        this.context = context;
        this.home = home;
    }

    /** One that something else has started. */
    public static RunningRegistry of(ConfigurableApplicationContext context) {
        return new RunningRegistry(
                context,
                Path.of(
                        Objects.requireNonNull(
                                context.getEnvironment().getProperty("lepton.home"))));
    }

    /** On a database, with settings that differ from the defaults as {@code name=value}. */
    public static RunningRegistry start(FreshDatabase database, String... settings) {
        try {
            return start(database, Files.createTempDirectory("lepton-registry"), settings);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In a home that another one may have had before. */
    public static RunningRegistry start(FreshDatabase database, Path home, String... settings) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("spring.datasource.url", database.url());
        properties.put("spring.datasource.username", database.username());
        properties.put("spring.datasource.password", database.password());
        return start(home, properties, settings);
    }

    /** On the embedded PostgreSQL of its home, as without any setting. */
    public static RunningRegistry startEmbedded(Path home, String... settings) {
        return start(home, new LinkedHashMap<>(), settings);
    }

    private static RunningRegistry start(
            Path home, Map<String, String> properties, String... settings) {
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("lepton.home", home.toString());
        properties.put("spring.datasource.hikari.maximum-pool-size", "8");
        properties.put("spring.datasource.hikari.minimum-idle", "1");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            properties.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        String[] arguments =
                properties.entrySet().stream()
                        .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                        .toArray(String[]::new);
        return new RunningRegistry(
                new SpringApplicationBuilder(RegistryApplication.class)
                        .web(WebApplicationType.SERVLET)
                        .run(arguments),
                home);
    }

    public Path home() {
        return home;
    }

    public int port() {
        return port("local.server.port");
    }

    public int actuatorPort() {
        return port("local.management.port");
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public Path tokenFile() {
        return home.resolve("token");
    }

    public String token() {
        try {
            return Files.readString(tokenFile()).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** With the token. */
    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** With the token. */
    public HttpResponse<String> send(String method, String path, String json) {
        return send(
                request(path)
                        .method(method, BodyPublishers.ofString(json))
                        .header("Content-Type", "application/json"));
    }

    public HttpResponse<String> actuator(String path) {
        return send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + actuatorPort() + "/actuator" + path)));
    }

    /** A request with the token, to be completed. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token());
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        context.close();
    }

    private int port(String property) {
        return Integer.parseInt(
                Objects.requireNonNull(context.getEnvironment().getProperty(property)));
    }
}

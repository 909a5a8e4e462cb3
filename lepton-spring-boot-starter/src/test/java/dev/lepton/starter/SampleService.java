package dev.lepton.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A small service with the starter, run by a test. */
public final class SampleService implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private SampleService(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    public static SampleService servlet(FakeRegistry registry, String... properties) {
        return start(WebApplicationType.SERVLET, registry.url(), properties);
    }

    /** Returns when the runner is done, as the main method of a service does. */
    public static SampleService servletThatRuns(
            ApplicationRunner runner, FakeRegistry registry, String... properties) {
        return start(WebApplicationType.SERVLET, registry.url(), runner, properties);
    }

    public static SampleService reactive(FakeRegistry registry, String... properties) {
        return start(WebApplicationType.REACTIVE, registry.url(), properties);
    }

    public static SampleService start(
            WebApplicationType type, String registryUrl, String... properties) {
        return start(type, registryUrl, args -> {}, properties);
    }

    private static SampleService start(
            WebApplicationType type,
            String registryUrl,
            ApplicationRunner runner,
            String... properties) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "spring.application.name=Sample",
                                "server.port=0",
                                "spring.main.banner-mode=off",
                                "lepton.registry.url=" + registryUrl,
                                "spring.autoconfigure.exclude=org.springframework.boot.tomcat"
                                        + ".autoconfigure.reactive"
                                        + ".TomcatReactiveWebServerAutoConfiguration"));
        all.addAll(List.of(properties));
        return new SampleService(
                new SpringApplicationBuilder(Application.class)
                        .web(type)
                        .properties(all.toArray(String[]::new))
                        .initializers(context ->
                                ((GenericApplicationContext) context)
                                        .registerBean(ApplicationRunner.class, () -> runner))
                        .run());
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public int port() {
        return port;
    }

    public HttpResponse<String> get(String path, String... headers) {
        try {
            return client.send(request(path, headers), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<HttpResponse<String>> getLater(String path, String... headers) {
        return client.sendAsync(request(path, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** The controller's gate: requests to {@code /wait} end when it is given a permit each. */
    public Semaphore gate() {
        return bean(Application.Answers.class).gate;
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /** Closes the context as the end of the process would, on a thread of its own. */
    public Thread stopLater() {
        return Thread.ofPlatform().name("stop").start(context::close);
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Answers.class)
    static class Application {

        @RestController
        static class Answers {

            private final Semaphore gate = new Semaphore(0);

            @GetMapping("/hello")
            String hello() {
                return "hello";
            }

            @GetMapping("/wait")
            String waitForPermit() {
                gate.acquireUninterruptibly();
                return "waited";
            }

            @GetMapping("/later")
            CompletableFuture<String> laterWithPermit() {
                CompletableFuture<String> answer = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> answer.complete(waitForPermit()));
                return answer;
            }

            @GetMapping("/fails")
            String fails() {
                throw new IllegalStateException("as the test wants");
            }
        }
    }
}

package dev.lepton.registry.watch;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.CommitListener;
import dev.lepton.registry.changelog.DirectConnections;
import dev.lepton.registry.changelog.TestDatabase;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** The change log's part of a registry, as one replica of several on one database. */
public final class Replica implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private Replica(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static Replica on(TestDatabase database) {
        return new Replica(
                new SpringApplicationBuilder(TestRegistry.class)
                        .run(
                                "--server.port=0",
                                "--spring.datasource.url=" + database.url(),
                                "--spring.datasource.username=" + database.user(),
                                "--spring.datasource.password=" + database.password(),
                                "--spring.datasource.hikari.maximum-pool-size=4",
                                "--spring.datasource.hikari.minimum-idle=1",
                                // It ends writes as well, before the hub finds a reader slow.
                                "--server.tomcat.connection-timeout=60s",
                                "--logging.level.root=WARN"));
    }

    public ChangeWriter writer() {
        return context.getBean(ChangeWriter.class);
    }

    /** One more writer, as of another replica; tells this one of its commits. */
    ChangeWriter anotherWriter() {
        return new ChangeWriter(
                context.getBean(DirectConnections.class),
                context.getBean(InstantSource.class),
                List.copyOf(context.getBeansOfType(CommitListener.class).values()));
    }

    public FleetView fleet() {
        return context.getBean(FleetView.class);
    }

    WatchHub hub() {
        return context.getBean(WatchHub.class);
    }

    public URI url(String path) {
        return URI.create(
                "http://127.0.0.1:"
                        + context.getEnvironment().getProperty("local.server.port")
                        + path);
    }

    @Override
    public void close() {
        context.close();
    }

    /**
     * Without an annotation that would make it, or what it declares, a part of other tests'
     * contexts.
     */
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class,
        WebMvcAutoConfiguration.class
    })
    @ComponentScan(
            basePackages = {
                "dev.lepton.registry.changelog",
                "dev.lepton.registry.fleet",
                "dev.lepton.registry.watch",
                "dev.lepton.registry.time"
            })
    static class TestRegistry {

        /** As the registry's own, in short. */
        @Bean
        HandlerExceptionResolver problems() {
            return (request, response, handler, failure) -> {
                if (!(failure instanceof ProblemException refusal)) {
                    return null;
                }
                response.reset();
                response.setStatus(refusal.status().value());
                response.setContentType("application/problem+json");
                if (refusal.retryAfter() != null) {
                    response.setHeader(
                            "Retry-After", Long.toString(refusal.retryAfter().toSeconds()));
                }
                try {
                    response.getWriter().write("{\"code\":\"" + refusal.code() + "\"}");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return new ModelAndView();
            };
        }
    }
}

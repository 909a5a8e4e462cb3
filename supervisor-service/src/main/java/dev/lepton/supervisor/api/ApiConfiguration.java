package dev.lepton.supervisor.api;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.supervisor.container.KnownStarts;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.drill.Drills;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.supervision.Supervision;
import java.time.InstantSource;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** Wires the REST interface and what the actuator shows. */
@Configuration(proxyBeanMethods = false)
@Import(ProblemAdvice.class)
public class ApiConfiguration {

    @Bean
    JsonMapperBuilderCustomizer protocolJson() {
        return ProtocolJson::configure;
    }

    @Bean
    FilterRegistrationBean<BearerFilter> bearerFilter(BearerToken token, JsonMapper json) {
        FilterRegistrationBean<BearerFilter> filter =
                new FilterRegistrationBean<>(new BearerFilter(token, json));
        filter.addUrlPatterns("/v1/*");
        return filter;
    }

    @Bean
    UnitsController unitsController(
            Supervision supervision,
            Registry registry,
            KnownStarts starts,
            Declaration declaration) {
        return new UnitsController(
                supervision,
                new UnitAnswers(supervision, registry, starts),
                new LogStreams(supervision),
                declaration.node());
    }

    @Bean
    DrillController drillController(Supervision supervision, Registry registry) {
        return new DrillController(supervision, new Drills(supervision, registry), registry);
    }

    @Bean
    NodeController nodeController(
            Supervision supervision, Declaration declaration, InstantSource clock) {
        return new NodeController(
                supervision,
                declaration,
                () -> Thread.ofPlatform().name("stop-request").start(() -> System.exit(0)),
                clock);
    }

    @Bean
    LeptonEndpoint leptonEndpoint(Supervision supervision, Registry registry) {
        return new LeptonEndpoint(supervision, registry);
    }

    @Bean
    UnitMetrics unitMetrics(Supervision supervision, Registry registry) {
        return new UnitMetrics(supervision, registry);
    }

    @Bean
    UnitsHealth unitsHealthIndicator(Supervision supervision) {
        return new UnitsHealth(supervision);
    }
}

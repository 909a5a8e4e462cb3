package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.settings.GatewaySettings;
import dev.lepton.gateway.settings.Priority;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

class TermsTests {

    private final GatewaySettings settings =
            new Binder(
                            new MapConfigurationPropertySource(
                                    Map.of(
                                            "lepton.gateway.deadline", "20s",
                                            "lepton.gateway.services.orders.deadline", "5s",
                                            "lepton.gateway.services.batch.priority", "low",
                                            "lepton.gateway.services.orders.idempotency-key",
                                                    true)))
                    .bindOrCreate("lepton.gateway", GatewaySettings.class);

    private Terms terms(String service, Map<String, Object> metadata, String... header) {
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.post("/x");
        if (header.length > 0) {
            request.header(header[0], header[1]);
        }
        MockServerWebExchange exchange = MockServerWebExchange.from(request);
        exchange.getAttributes()
                .put(
                        GATEWAY_ROUTE_ATTR,
                        Route.async()
                                .id("route")
                                .uri("unit://" + service)
                                .asyncPredicate(any -> Mono.just(true))
                                .metadata(metadata)
                                .build());
        return Terms.of(service, exchange, settings);
    }

    @Test
    void keyCountsWhereTheServiceOrTheRouteTakesIt() {
        assertThat(terms("orders", Map.of(), "Idempotency-Key", "k1").keyed()).isTrue();
        assertThat(terms("other", Map.of(), "Idempotency-Key", "k1").keyed()).isFalse();
        assertThat(terms("other", Map.of("idempotency-key", true), "Idempotency-Key", "k1").keyed())
                .isTrue();
        assertThat(
                        terms("other", Map.of("idempotency-key", "true"), "Idempotency-Key", "k1")
                                .keyed())
                .isTrue();
        assertThat(
                        terms("orders", Map.of("idempotency-key", false), "Idempotency-Key", "k1")
                                .keyed())
                .isFalse();
    }

    @Test
    void requestWithoutAKeyIsNotKeyed() {
        assertThat(terms("orders", Map.of()).keyed()).isFalse();
        assertThat(terms("orders", Map.of(), "Idempotency-Key", " ").keyed()).isFalse();
    }

    @Test
    void deadlineIsTheRoutesElseTheServicesElseTheGateways() {
        assertThat(terms("orders", Map.of("response-timeout", 1500)).deadline())
                .isEqualTo(Duration.ofMillis(1500));
        assertThat(terms("orders", Map.of("response-timeout", "1500")).deadline())
                .isEqualTo(Duration.ofMillis(1500));
        assertThat(terms("orders", Map.of("response-timeout", "2m")).deadline())
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(terms("orders", Map.of("response-timeout", -1)).deadline())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(terms("orders", Map.of()).deadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(terms("other", Map.of()).deadline()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void priorityIsTheRoutesElseTheServices() {
        assertThat(terms("orders", Map.of("priority", "high")).priority()).isEqualTo(Priority.HIGH);
        assertThat(terms("batch", Map.of("priority", "Normal")).priority())
                .isEqualTo(Priority.NORMAL);
        assertThat(terms("batch", Map.of()).priority()).isEqualTo(Priority.LOW);
        assertThat(terms("orders", Map.of()).priority()).isEqualTo(Priority.NORMAL);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "250, 250", "20000, 20000", "20001, 20000", "999999999, 20000"})
    void clientCanOnlyShortenTheDeadline(String millisLeft, long millis) {
        assertThat(terms("other", Map.of(), "Lepton-Deadline", millisLeft).deadline())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1s", "1.5", "+1", " 1", "1000000000", "\u0661"})
    void deadlineThatIsNoneIsRefused(String value) {
        assertThatThrownBy(() -> terms("other", Map.of(), "Lepton-Deadline", value))
                .isInstanceOf(GatewayProblem.class)
                .hasMessage(
                        "'Lepton-Deadline' must be the milliseconds that are left, of at most 9 digits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "idempotency-key|yes|the metadata 'idempotency-key' is 'yes' and must be true or false",
                "priority|urgent|the metadata 'priority' is 'urgent' and must be low, normal or high",
                "response-timeout|soon|the metadata 'response-timeout' is 'soon' and must be milliseconds or a duration such as 5s",
                "response-timeout|0|the metadata 'response-timeout' is '0' and must be longer than nothing",
            })
    void metadataThatCannotBeReadIsRefusedWithItsRoute(String name, String value, String rule) {
        RouteDefinition route = new RouteDefinition();
        route.setId("reports");
        route.setMetadata(Map.of(name, value));

        assertThatThrownBy(() -> Terms.check(route)).hasMessage("route 'reports': " + rule);
    }
}

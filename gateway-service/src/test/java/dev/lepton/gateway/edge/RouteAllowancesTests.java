package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import dev.lepton.gateway.settings.GatewaySettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import reactor.core.publisher.Mono;

class RouteAllowancesTests {

    private static final GatewaySettings SETTINGS =
            new Binder(
                            new MapConfigurationPropertySource(
                                    Map.of(
                                            "lepton.gateway.services.docs.allow",
                                            "encoded-slash,semicolon")))
                    .bind("lepton.gateway", GatewaySettings.class)
                    .get();

    private static RouteDefinition definition(Object allow) {
        RouteDefinition definition = new RouteDefinition();
        definition.setId("some");
        definition.setMetadata(Map.of("allow", allow));
        return definition;
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of("empty-segments, double-encoding"),
                Arguments.of(List.of("empty-segments", "double-encoding")),
                Arguments.of(Map.of("0", "empty-segments", "1", "double-encoding")));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void routeAllowsWhatItsMetadataNames(Object allow) {
        assertThat(RouteAllowances.of(Map.of("allow", allow)))
                .containsExactlyInAnyOrder(Allowance.EMPTY_SEGMENTS, Allowance.DOUBLE_ENCODING);
    }

    @Test
    void edgeLetsThroughWhatAnyRouteOrServiceTakes() {
        RouteAllowances allowances =
                new RouteAllowances(SETTINGS, List.of(definition("underscore-headers")));

        assertThat(allowances.anywhere())
                .containsExactlyInAnyOrder(
                        Allowance.ENCODED_SLASH, Allowance.SEMICOLON, Allowance.UNDERSCORE_HEADERS);
    }

    @Test
    void metadataThatCannotBeReadNamesTheRouteAndTheRule() {
        assertThatThrownBy(() -> new RouteAllowances(SETTINGS, List.of(definition("slashes"))))
                .hasMessage(
                        "route 'some': metadata 'allow' slashes must be of: encoded-slash,"
                                + " double-encoding, semicolon, empty-segments, underscore-headers");
    }

    private static Route route(String uri) {
        return Route.async()
                .id("some")
                .uri(uri)
                .asyncPredicate(exchange -> Mono.just(true))
                .metadata("allow", "empty-segments")
                .build();
    }

    @Test
    void routeToUnitsAllowsWhatTheirServiceTakesAsWell() {
        RouteAllowances allowances = new RouteAllowances(SETTINGS, List.of());

        assertThat(allowances.on(route("unit://docs"), "/a"))
                .containsExactlyInAnyOrder(
                        Allowance.ENCODED_SLASH, Allowance.SEMICOLON, Allowance.EMPTY_SEGMENTS);
        assertThat(allowances.on(route("unit://other"), "/docs"))
                .containsExactly(Allowance.EMPTY_SEGMENTS);
        assertThat(allowances.on(route("http://docs"), "/docs"))
                .containsExactly(Allowance.EMPTY_SEGMENTS);
    }
}

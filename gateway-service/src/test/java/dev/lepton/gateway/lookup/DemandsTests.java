package dev.lepton.gateway.lookup;

import static dev.lepton.gateway.lookup.SomeRoutes.async;
import static dev.lepton.gateway.lookup.SomeRoutes.host;
import static dev.lepton.gateway.lookup.SomeRoutes.method;
import static dev.lepton.gateway.lookup.SomeRoutes.path;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.handler.predicate.GatewayPredicate;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

class DemandsTests {

    @ParameterizedTest
    @CsvSource({
        "/a, a",
        "/a/, a",
        "/a/**, a",
        "/a/{rest}, a",
        "/a/{*rest}, a",
        "/a.b-c:d/*, a.b-c:d",
        "/%61/b, %61",
    })
    void patternThatBeginsWithALiteralDemandsThatSegment(String pattern, String segment) {
        assertThat(Demands.of(async(path(pattern))).segments()).containsExactly(segment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//a",
                "a/b",
                "/**",
                "/*/a",
                "/a*",
                "/a?",
                "/{any}",
                "/a{any}",
                "/{*all}",
                "/**/a",
                "/{x:a|b}/c",
            })
    void patternThatBeginsOtherwiseDemandsNothing(String pattern) {
        assertThat(Demands.of(async(path(pattern))).segments()).isNull();
    }

    @Test
    void eachOfSeveralPatternsIsADemandAndOneThatTakesAllEndsIt() {
        assertThat(Demands.of(async(path("/a/**", "/b", "/a"))).segments())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(Demands.of(async(path("/a/**", "/*/b"))).segments()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "h.example, h.example",
        "H.Example, h.example",
        "h.example:8080, h.example",
        "h..example, h.example",
        ".h.example., .h.example.",
    })
    void literalHostIsDemandedWithoutItsPort(String pattern, String host) {
        assertThat(Demands.of(async(host(pattern))).hosts()).containsExactly(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.example", "**", "{sub}.example", "h?.example", "h.example:*"})
    void patternOfHostsDemandsNothing(String pattern) {
        assertThat(Demands.of(async(host(pattern))).hosts()).isNull();
    }

    @Test
    void allThatMustHoldIsRead() {
        AsyncPredicate<ServerWebExchange> inSteps =
                async(method(HttpMethod.GET)).and(async(host("h"))).and(async(path("/a/**")));
        AsyncPredicate<ServerWebExchange> atOnce =
                async(method(HttpMethod.GET).and(path("/a/**")).and(host("h")));

        assertThat(List.of(Demands.of(inSteps), Demands.of(atOnce)))
                .containsOnly(new Demands(Set.of("a"), Set.of("h")));
    }

    @Test
    void secondPathIsReadWhereTheFirstDemandsNothing() {
        assertThat(Demands.of(async(path("/**")).and(async(path("/a")))).segments())
                .containsExactly("a");
    }

    static Stream<AsyncPredicate<ServerWebExchange>> alternatives() {
        Predicate<ServerWebExchange> a = path("/a");
        Predicate<ServerWebExchange> h = host("h");
        return Stream.of(
                async(a).or(async(h)),
                async(a).negate(),
                async(a).not(async(a)),
                async(a.or(h)),
                async(a.negate()),
                async(h).and(async(a).or(async(h))),
                async(h).and(async(a).negate()),
                async(h).and(async(a.or(h))),
                async(h).and(async(a.negate())),
                async(h.and(a.or(h))),
                async(h.and(h).and(a.negate())));
    }

    @ParameterizedTest
    @MethodSource("alternatives")
    void whatNeedNotHoldIsNoDemand(AsyncPredicate<ServerWebExchange> predicate) {
        assertThat(Demands.of(predicate)).isEqualTo(new Demands(null, null));
    }

    @Test
    void predicateOfSomebodyElseDemandsNothingWhateverItsConfiguration() {
        GatewayPredicate anyPath =
                new GatewayPredicate() {
                    @Override
                    public boolean test(ServerWebExchange exchange) {
                        return true;
                    }

                    @Override
                    public Object getConfig() {
                        return new PathRoutePredicateFactory.Config().setPatterns(List.of("/a"));
                    }
                };

        assertThat(Demands.of(async(anyPath))).isEqualTo(new Demands(null, null));
        assertThat(Demands.of(exchange -> Mono.just(true))).isEqualTo(new Demands(null, null));
    }
}

package dev.lepton.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class FilterStepTests {

    private final MockServerWebExchange exchange =
            MockServerWebExchange.from(MockServerHttpRequest.get("/x"));
    private final List<String> run = new ArrayList<>();

    private GatewayFilter named(String name) {
        return (passing, chain) -> {
            run.add(name);
            return chain.filter(passing).then(Mono.fromRunnable(() -> run.add("after " + name)));
        };
    }

    @Test
    void eachFilterIsAroundTheNextAndRunsWhenSubscribedTo() {
        Mono<Void> all = FilterStep.through(List.of(named("a"), named("b")), exchange);
        assertThat(run).isEmpty();

        StepVerifier.create(all).verifyComplete();

        assertThat(run).containsExactly("a", "b", "after b", "after a");
    }

    @Test
    void filterThatDoesNotGoOnIsTheLast() {
        StepVerifier.create(
                        FilterStep.through(
                                List.of((passing, chain) -> Mono.empty(), named("b")), exchange))
                .verifyComplete();

        assertThat(run).isEmpty();
    }

    @Test
    void filterGoesOnTwiceAsOneThatTriesAgain() {
        GatewayFilter again = (passing, chain) -> chain.filter(passing).then(chain.filter(passing));

        StepVerifier.create(FilterStep.through(List.of(again, named("b")), exchange))
                .verifyComplete();

        assertThat(run).containsExactly("b", "after b", "b", "after b");
    }

    @Test
    void nextFilterGetsWhatTheOneBeforePassesOn() {
        ServerWebExchange other = exchange.mutate().build();
        List<ServerWebExchange> seen = new ArrayList<>();
        GatewayFilter look =
                (passing, chain) -> {
                    seen.add(passing);
                    return chain.filter(passing);
                };

        StepVerifier.create(
                        FilterStep.through(
                                List.of(look, (passing, chain) -> chain.filter(other), look),
                                exchange))
                .verifyComplete();

        assertThat(seen).containsExactly(exchange, other);
    }

    @Test
    void whatAFilterThrowsIsTheErrorOfTheRequest() {
        GatewayFilter broken =
                (passing, chain) -> {
                    throw new IllegalStateException("broken");
                };
        GatewayFilter mends =
                (passing, chain) ->
                        chain.filter(passing)
                                .onErrorResume(e -> Mono.fromRunnable(() -> run.add("mended")));

        StepVerifier.create(FilterStep.through(List.of(broken), exchange))
                .verifyErrorMessage("broken");
        StepVerifier.create(FilterStep.through(List.of(mends, broken), exchange)).verifyComplete();

        assertThat(run).containsExactly("mended");
    }
}

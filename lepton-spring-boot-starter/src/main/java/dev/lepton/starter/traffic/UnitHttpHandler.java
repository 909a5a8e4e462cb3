package dev.lepton.starter.traffic;

import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.unit.ThisUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * The unit's door in a reactive server. It decorates the whole handler instead of being a web
 * filter, because observations are made outside of the filters.
 */
public final class UnitHttpHandler implements HttpHandler {

    private final HttpHandler application;
    private final ThisUnit unit;
    private final SelfCheckPath selfCheck;
    private final RequestGate gate;
    private final RequestCounts counts;

    public UnitHttpHandler(
            HttpHandler application,
            ThisUnit unit,
            SelfCheckPath selfCheck,
            RequestGate gate,
            RequestCounts counts) {
        this.application = application;
        this.unit = unit;
        this.selfCheck = selfCheck;
        this.gate = gate;
        this.counts = counts;
    }

    @Override
    public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
        String path = request.getPath().pathWithinApplication().value();
        if (selfCheck.isAnsweredHere(request.getMethod().name(), path)) {
            response.setStatusCode(HttpStatus.NO_CONTENT);
            return response.setComplete();
        }
        if (selfCheck.isOwn(request.getHeaders().getFirst(SelfCheckPath.HEADER))) {
            return application.handle(request, response);
        }
        String named = request.getHeaders().getFirst(RequestGate.UNIT_HEADER);
        if (named != null) {
            counts.namedArrived();
        }
        return switch (gate.decide(named)) {
            case TAKEN -> take(request, response);
            case MISDIRECTED -> refuse(response, NotProcessed.misdirected(unit.id()));
            case FENCED -> refuse(response, NotProcessed.fenced());
            case DRAINING -> refuse(response, NotProcessed.draining());
        };
    }

    private Mono<Void> take(ServerHttpRequest request, ServerHttpResponse response) {
        response.beforeCommit(() -> {
            if (gate.endsConnections()) {
                response.getHeaders().set(HttpHeaders.CONNECTION, "close");
            }
            return Mono.empty();
        });
        return Mono.defer(() -> {
            counts.begun();
            return Mono.defer(() -> application.handle(request, response))
                    .doFinally(signal -> counts.ended());
        });
    }

    private static Mono<Void> refuse(ServerHttpResponse response, NotProcessed answer) {
        response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
        HttpHeaders headers = response.getHeaders();
        headers.set(NotProcessed.HEADER, answer.reason());
        headers.set(HttpHeaders.CONTENT_TYPE, NotProcessed.CONTENT_TYPE);
        headers.setContentLength(answer.problem().length);
        if (answer.endsConnection()) {
            headers.set(HttpHeaders.CONNECTION, "close");
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(answer.problem())));
    }
}

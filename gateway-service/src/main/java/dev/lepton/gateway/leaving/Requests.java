package dev.lepton.gateway.leaving;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.core.publisher.Mono;

/** Tells of each request when it comes and when its answer has ended. */
final class Requests implements HttpHandlerDecoratorFactory {

    private final Leaving leaving;

    Requests(Leaving leaving) {
        this.leaving = leaving;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> {
            leaving.requestCame();
            return Mono.from(handler.handle(request, response))
                    .doFinally(_ -> leaving.requestEnded());
        };
    }
}

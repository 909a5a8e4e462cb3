package dev.lepton.gateway.forwarding;

import io.netty.channel.Channel;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/** The connection that a request came on; in HTTP/2 its stream. */
public final class ClientChannel {

    private ClientChannel() {}

    public static Channel of(ServerHttpRequest request) {
        HttpServerRequest inbound = ServerHttpRequestDecorator.getNativeRequest(request);
        Channel[] channel = new Channel[1];
        inbound.withConnection(connection -> channel[0] = connection.channel());
        return channel[0];
    }
}

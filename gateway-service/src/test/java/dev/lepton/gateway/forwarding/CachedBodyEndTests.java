package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CACHED_REQUEST_BODY_ATTR;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

class CachedBodyEndTests {

    private final ByteBuf read = ByteBufAllocator.DEFAULT.buffer(16).writeBytes(new byte[16]);
    private final MockServerWebExchange exchange =
            MockServerWebExchange.from(MockServerHttpRequest.post("/"));

    @Test
    void bodyIsFreedOnceAndNotForWhoeverElseHoldsIt() {
        exchange.getAttributes().put(CACHED_REQUEST_BODY_ATTR, cached());

        end();
        end();

        assertThat(read.refCnt()).as("the connection's own").isEqualTo(1);
        assertThat(exchange.getAttributes()).doesNotContainKey(CACHED_REQUEST_BODY_ATTR);
        read.release();
    }

    @Test
    void bodyThatIsNoBufferIsForgotten() {
        exchange.getAttributes().put(CACHED_REQUEST_BODY_ATTR, "text");

        end();

        assertThat(exchange.getAttributes()).doesNotContainKey(CACHED_REQUEST_BODY_ATTR);
        read.release();
    }

    private Object cached() {
        return new NettyDataBufferFactory(ByteBufAllocator.DEFAULT).wrap(read.readRetainedSlice(8));
    }

    private void end() {
        new CachedBodyEnd().filter(exchange, same -> Mono.empty()).block();
    }
}

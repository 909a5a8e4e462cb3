package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.EdgeSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The guards of one connection around the codec, with the server's part played by a test. */
final class GuardedChannel {

    final MockTicker ticker = Ticker.newMockTicker();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RequestGuard guard;
    final EmbeddedChannel channel;
    final List<String> targets = new ArrayList<>();
    final StringBuilder bodies = new StringBuilder();

    GuardedChannel(EdgeSettings settings) {
        guard = new RequestGuard(new RequestRules(settings), settings, new EdgeMetrics(meters));
        channel =
                EmbeddedChannel.builder()
                        .ticker(ticker)
                        .handlers(
                                new HeadGuard(guard, settings.headerTimeout()),
                                new HttpServerCodec(),
                                guard)
                        .build();
    }

    void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        for (Object in = channel.readInbound(); in != null; in = channel.readInbound()) {
            if (in instanceof HttpRequest request) {
                targets.add(request.uri());
            }
            if (in instanceof HttpContent content) {
                bodies.append(content.content().toString(StandardCharsets.ISO_8859_1));
                if (content instanceof LastHttpContent) {
                    bodies.append('|');
                }
                content.release();
            }
        }
    }

    void respond() {
        DefaultFullHttpResponse ok =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        ok.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        channel.writeOutbound(ok);
    }

    void beginToRespond() {
        DefaultHttpResponse ok =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        ok.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 100);
        channel.writeOutbound(ok);
    }

    void endResponse() {
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    void advanceMillis(long millis) {
        ticker.advance(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** What was sent since it was last asked. */
    String sent() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            sent.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        return sent.toString();
    }

    double refused(Refusal refusal) {
        return meters.get("lepton.gateway.edge.refused")
                .tag("reason", refusal.code())
                .counter()
                .count();
    }
}

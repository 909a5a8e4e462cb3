package dev.lepton.gateway.edge;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Tells a client why it is refused, and ends its connection. */
final class LastAnswer {

    /** In which a client may read its answer although it still sends. */
    private static final long LINGER_MILLIS = 1000;

    /** Those that RFC 9110 and RFC 5789 define, less the two that are refused. */
    private static final String PASSED_ON = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private LastAnswer() {}

    static void send(Refusal refusal, ChannelHandlerContext context) {
        context.writeAndFlush(response(refusal, context)).addListener(_ -> hangUp(context));
    }

    private static FullHttpResponse response(Refusal refusal, ChannelHandlerContext context) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        refusal.status(),
                        ByteBufUtil.encodeString(
                                context.alloc(),
                                CharBuffer.wrap(refusal.problem()),
                                StandardCharsets.US_ASCII));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal == Refusal.METHOD) {
            response.headers().set(HttpHeaderNames.ALLOW, PASSED_ON);
        }
        return response;
    }

    /**
     * A connection that is closed while bytes of it are unread is reset, and the client may never
     * see the answer. So only this side's half is closed at first, and the rest is read and thrown
     * away.
     */
    private static void hangUp(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel channel
                && context.pipeline().get(SslHandler.class) == null) {
            channel.shutdownOutput();
            channel.config().setAutoRead(true);
            context.executor()
                    .schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            context.close();
        }
    }
}

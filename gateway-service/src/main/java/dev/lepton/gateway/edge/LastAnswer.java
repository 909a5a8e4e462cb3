package dev.lepton.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandler;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Tells a client why it is refused, and ends its connection or, in HTTP/2, its stream. */
final class LastAnswer {

    /** In which a client may read its answer although it still sends. */
    private static final long LINGER_MILLIS = 1000;

    /** Those that RFC 9110 and RFC 5789 define, less the two that are refused. */
    private static final String PASSED_ON = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private static final String PROBLEM = "application/problem+json";

    private LastAnswer() {}

    static void send(Refusal refusal, ChannelHandlerContext context) {
        context.writeAndFlush(response(refusal, context)).addListener(_ -> hangUp(context));
    }

    /**
     * @return done when the client has its answer
     */
    static ChannelFuture send(
            Refusal refusal,
            ChannelHandlerContext context,
            Http2FrameStream stream,
            boolean isHead) {
        ByteBuf problem = problem(refusal, context);
        Http2Headers headers =
                new DefaultHttp2Headers()
                        .status(refusal.status().codeAsText())
                        .set(HttpHeaderNames.CONTENT_TYPE, PROBLEM)
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, problem.readableBytes());
        if (refusal == Refusal.METHOD) {
            headers.set(HttpHeaderNames.ALLOW, PASSED_ON);
        }
        if (isHead) {
            problem.release();
            return context.writeAndFlush(
                    new DefaultHttp2HeadersFrame(headers, true).stream(stream));
        }
        context.write(new DefaultHttp2HeadersFrame(headers).stream(stream));
        return context.writeAndFlush(new DefaultHttp2DataFrame(problem, true).stream(stream));
    }

    private static ByteBuf problem(Refusal refusal, ChannelHandlerContext context) {
        return ByteBufUtil.encodeString(
                context.alloc(), CharBuffer.wrap(refusal.problem()), StandardCharsets.US_ASCII);
    }

    private static FullHttpResponse response(Refusal refusal, ChannelHandlerContext context) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, refusal.status(), problem(refusal, context));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, PROBLEM)
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

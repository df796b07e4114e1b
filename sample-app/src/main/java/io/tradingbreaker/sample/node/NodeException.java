package io.tradingbreaker.sample.node;

import org.jspecify.annotations.Nullable;

/** The node did not do what it was asked. */
public class NodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NodeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.tradingbreaker.sample.node;

import org.jspecify.annotations.Nullable;

/**
 * The node answered that the request was wrong or came too often. Says nothing about the node's health: the breaker
 * ignores it.
 */
public class NodeRefusedException extends NodeException {

    private static final long serialVersionUID = 1L;

    public NodeRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

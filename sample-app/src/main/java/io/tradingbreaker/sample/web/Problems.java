package io.tradingbreaker.sample.web;

import io.tradingbreaker.sample.execution.UnsupportedOrderException;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.sample.trading.OrderRejectedException;
import io.tradingbreaker.sample.trading.OrderStateException;
import java.util.NoSuchElementException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers the desk's and the node's failures as problem details. */
@RestControllerAdvice
class Problems {

    @ExceptionHandler
    ProblemDetail invalid(OrderRequest.InvalidOrderException e) {
        return problem(HttpStatus.BAD_REQUEST, "Invalid order", e);
    }

    @ExceptionHandler
    ProblemDetail rejected(OrderRejectedException e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, "Order rejected", e);
    }

    @ExceptionHandler
    ProblemDetail unsupported(UnsupportedOrderException e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, "Order rejected", e);
    }

    @ExceptionHandler
    ProblemDetail unknown(NoSuchElementException e) {
        return problem(HttpStatus.NOT_FOUND, "No such order", e);
    }

    @ExceptionHandler
    ProblemDetail conflict(OrderStateException e) {
        return problem(HttpStatus.CONFLICT, "Order cannot be cancelled", e);
    }

    @ExceptionHandler
    ProblemDetail silent(NodeSilentException e) {
        return problem(HttpStatus.GATEWAY_TIMEOUT, "The node did not answer", e);
    }

    @ExceptionHandler
    ProblemDetail failed(NodeException e) {
        return problem(HttpStatus.BAD_GATEWAY, "The node failed", e);
    }

    private static ProblemDetail problem(HttpStatus status, String title, RuntimeException e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(e.getMessage()));
        problem.setTitle(title);
        return problem;
    }
}

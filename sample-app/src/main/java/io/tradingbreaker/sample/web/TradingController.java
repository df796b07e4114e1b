package io.tradingbreaker.sample.web;

import io.tradingbreaker.sample.node.SlotStream;
import io.tradingbreaker.sample.trading.Order;
import io.tradingbreaker.sample.trading.Portfolio;
import io.tradingbreaker.sample.trading.TradingDesk;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Orders and portfolio. That trading is paused is answered by the starter. */
@RestController
class TradingController {

    private final TradingDesk desk;
    private final Portfolio portfolio;
    private final SlotStream slots;

    TradingController(TradingDesk desk, Portfolio portfolio, SlotStream slots) {
        this.desk = desk;
        this.portfolio = portfolio;
        this.slots = slots;
    }

    /** 201, or 202 for an order whose fate is not known yet. */
    @PostMapping("/orders")
    ResponseEntity<OrderView> place(@RequestBody OrderRequest request) {
        Order order = desk.place(request.token(), request.parsedSide(), request.units(), request.checkedLimit());
        HttpStatus status = order.status() == Order.Status.UNKNOWN ? HttpStatus.ACCEPTED : HttpStatus.CREATED;
        return ResponseEntity.status(status)
                .location(URI.create("/orders/" + order.id()))
                .body(OrderView.of(order));
    }

    @DeleteMapping("/orders/{id}")
    OrderView cancel(@PathVariable String id) {
        return OrderView.of(desk.cancel(id));
    }

    @GetMapping("/orders")
    List<OrderView> orders() {
        return desk.orders().stream().map(OrderView::of).toList();
    }

    @GetMapping("/orders/{id}")
    OrderView order(@PathVariable String id) {
        return OrderView.of(desk.order(id));
    }

    @GetMapping("/portfolio")
    PortfolioView portfolio() {
        return PortfolioView.of(portfolio.view(), slots.status());
    }
}

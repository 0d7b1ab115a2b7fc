# Varnish (6.0 or later) as a cache in front of a Millrace cluster:
#
#   varnishd -a :80 -f /path/to/conf/cdn/varnish.vcl -s malloc,2g -s Transient=malloc,256m
#
# What may be kept, and for how long, is what the nodes say in Cache-Control; what viewers get says how old
# it is in Age. However many viewers ask for one object, one version of a playlist, or wait for one that
# does not exist yet (a blocking reload), the nodes see one request, and all are answered at once.
vcl 4.1;

import directors;

probe ready {
  .url = "/health/ready";
  .interval = 1s;
  .timeout = 1s;
  .window = 3;
  .threshold = 2;
  .initial = 2;
}

# first_byte_timeout is longer than a node parks a request.
backend node1 {
  .host = "127.0.0.1";
  .port = "8080";
  .probe = ready;
  .connect_timeout = 1s;
  .first_byte_timeout = 60s;
  .between_bytes_timeout = 10s;
}

backend node2 {
  .host = "127.0.0.2";
  .port = "8080";
  .probe = ready;
  .connect_timeout = 1s;
  .first_byte_timeout = 60s;
  .between_bytes_timeout = 10s;
}

backend node3 {
  .host = "127.0.0.3";
  .port = "8080";
  .probe = ready;
  .connect_timeout = 1s;
  .first_byte_timeout = 60s;
  .between_bytes_timeout = 10s;
}

# Every node serves every stream.
sub vcl_init {
  new millrace = directors.round_robin();
  millrace.add_backend(node1);
  millrace.add_backend(node2);
  millrace.add_backend(node3);
}

sub vcl_recv {
  # Viewers need nothing else. The control API and the dashboard stay inside.
  if (req.url !~ "^/hls/") {
    return (synth(404));
  }
  set req.backend_hint = millrace.backend();
  # For millrace.http.trust-forwarded-for; not what a client claims.
  set req.http.X-Forwarded-For = client.ip;
  if (req.method == "OPTIONS") {
    return (pass);
  }
  if (req.method != "GET" && req.method != "HEAD") {
    return (synth(405));
  }
  call hls_query;
  unset req.http.Cookie;
  unset req.http.Authorization;
  return (hash);
}

# The only parameters that mean anything to a node, in one order; all others are left out, so that they
# cannot multiply what is cached.
sub hls_query {
  set req.http.X-Query = "";
  if (req.url ~ "[?&]_HLS_msn=") {
    set req.http.X-Query = "&_HLS_msn=" + regsub(req.url, "^.*?[?&]_HLS_msn=([^&]*).*$", "\1");
  }
  if (req.url ~ "[?&]_HLS_part=") {
    set req.http.X-Query = req.http.X-Query + "&_HLS_part="
      + regsub(req.url, "^.*?[?&]_HLS_part=([^&]*).*$", "\1");
  }
  if (req.url ~ "[?&]_HLS_skip=") {
    set req.http.X-Query = req.http.X-Query + "&_HLS_skip="
      + regsub(req.url, "^.*?[?&]_HLS_skip=([^&]*).*$", "\1");
  }
  set req.url = regsub(req.url, "\?.*$", "") + regsub(req.http.X-Query, "^&", "?");
  unset req.http.X-Query;
}

# All names of this cache serve the same streams.
sub vcl_hash {
  hash_data(req.url);
  return (lookup);
}

sub vcl_backend_response {
  # A playlist that is too old is worse than one that takes a moment.
  set beresp.grace = 0s;
  set beresp.keep = 0s;
  # Refusals that may not be kept: those who come within the next second do not wait for each other.
  if (beresp.http.Cache-Control ~ "no-store" || beresp.status >= 500) {
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
  }
  return (deliver);
}

sub vcl_deliver {
  if (obj.hits > 0) {
    set resp.http.X-Cache = "HIT";
  } else {
    set resp.http.X-Cache = "MISS";
  }
  unset resp.http.X-Varnish;
  unset resp.http.Via;
}

// What may stand in a field. A check gives the fault in a few words, or "". Names, addresses, paths and references end
// up in commands, files and URLs of hosts, so nothing passes that can never be right there.
#pragma once
#include <string>

namespace cctl {

using Check = std::string (*)(const std::string&);

std::string any_text(const std::string& text);  // anything but NUL
std::string any_line(const std::string& text);  // and no line break
std::string any_word(const std::string& text);  // not empty, no control characters

std::string is_cluster(const std::string& text);
std::string is_host_name(const std::string& text);
std::string is_address(const std::string& text);  // a name, an IPv4 or an IPv6
std::string is_ip(const std::string& text);       // an IPv4 that a machine can have
std::string is_user(const std::string& text);
// As DOCKER_HOST names a socket of the host: unix:///run/user/1000/docker.sock.
std::string is_engine_socket(const std::string& text);
std::string is_jump(const std::string& text);  // [user@]host[:port], comma separated
std::string is_version(const std::string& text);
std::string is_range(const std::string& text);
std::string is_env_name(const std::string& text);
std::string is_flag_name(const std::string& text);
std::string is_mount(const std::string& text);  // model/mount.hpp
std::string is_mount_or_template(const std::string& text);
std::string is_host_path(const std::string& text);  // absolute, or a template of such a path
std::string is_registry(const std::string& text);   // host[:port][/path]
std::string is_image(const std::string& text);      // [host[:port]/]path[:tag][@digest]
std::string is_sysctl(const std::string& text);     // net.ipv4.ip_forward
std::string is_app_id(const std::string& text);     // /group/web, as Marathon takes it
std::string is_protocol(const std::string& text);
std::string is_opening(const std::string& text);
std::string is_dns(const std::string& text);             // an IPv4, or a playbook's template
std::string is_capability(const std::string& text);      // NET_ADMIN, with or without CAP_
std::string is_stop_signal(const std::string& text);     // SIGTERM, TERM or 15
std::string is_ulimit(const std::string& text);          // nofile
std::string is_security_opt(const std::string& text);    // no-new-privileges, seccomp=unconfined
std::string is_container_user(const std::string& text);  // 1000:1000, nobody
std::string is_network(const std::string& text);         // host, bridge, none, or a network's name
std::string is_pid_mode(const std::string& text);        // host, or container:NAME
std::string is_http_method(const std::string& text);     // GET
std::string is_mode(const std::string& text);            // 0644
std::string is_owner(const std::string& text);           // 0:0

bool is_ipv4(const std::string& text);
bool is_ipv6(const std::string& text);  // perhaps with a zone, as fe80::1%eth0

}  // namespace cctl

#include <re2/re2.h>

#include <algorithm>

#include "load/playbook.hpp"
#include "load/text_file.hpp"

namespace cctl {

namespace {

const std::vector<std::pair<std::string, ProbeKind>> kinds = {{"tcp", ProbeKind::tcp},    {"http", ProbeKind::http},
                                                              {"https", ProbeKind::http}, {"zk", ProbeKind::zk},
                                                              {"dns", ProbeKind::dns},    {"exec", ProbeKind::exec}};

Extract read_extract(const Tree& tree, const Reader& r) {
  Extract out;
  const auto regex = [&](const Tree& item) {
    const auto text = r.scalar(item, any_line);
    if (!text) return;
    const RE2 form(*text, RE2::CannedOptions::Quiet);
    if (!form.ok())
      r.mistakes.error(item.mark, fmt::format("bad regex {}: {}", quote(*text), form.error()));
    else if (form.NumberOfCapturingGroups() == 0)
      r.mistakes.error(item.mark, "a regex needs a group: (...)");
    out.regex = *text;
  };
  r.map(tree, {{"field", r.text(out.field)},
               {"json", r.text(out.json)},
               {"list", r.text(out.list)},
               {"item", r.text(out.item)},
               {"where", r.text_map(out.where)},
               {"header", r.text(out.header)},
               {"regex", regex},
               {"answers", r.boolean(out.answers)}});
  std::size_t sources = 0;
  for (const char* source : {"field", "json", "list", "header", "regex", "answers"})
    sources += tree.find(source) ? 1 : 0;
  if (tree.kind == Tree::Kind::map && sources != 1)
    r.mistakes.error(tree.mark, "a value comes from one of field, json, list, header, regex, answers");
  return out;
}

// `http: PORT` and its like; exec has a command in its place.
void read_kind(const Tree& tree, const Reader& r, const std::map<std::string, int>& ports, PlaybookProbe& out) {
  std::size_t found = 0;
  for (const auto& [name, kind] : kinds) {
    const Tree* value = tree.find(name);
    if (!value) continue;
    ++found;
    out.probe.kind = kind;
    out.probe.tls = name == "https";
    if (kind == ProbeKind::exec) {
      r.texts(out.probe.command, any_text)(*value);
      continue;
    }
    port_name(r, ports, out.port_name)(*value);
  }
  if (tree.kind == Tree::Kind::map && found != 1)
    r.mistakes.error(tree.mark, "a probe is one of tcp, http, https, zk, dns, exec");
}

// Words of one kind of probe, that the others would pass over.
void check_kind_words(const Tree& tree, ProbeKind kind, const Reader& r) {
  const std::vector<std::tuple<std::string, ProbeKind, std::string>> words = {
      {"path", ProbeKind::http, "an http"}, {"method", ProbeKind::http, "an http"},
      {"body", ProbeKind::http, "an http"}, {"status", ProbeKind::http, "an http"},
      {"send", ProbeKind::zk, "a zk"},      {"query", ProbeKind::dns, "a dns"}};
  for (const auto& [word, of, name] : words)
    if (const Tree* item = tree.find(word); item && kind != of)
      r.mistakes.error(item->key_mark, fmt::format("{} is of {} probe", word, name));
}

PlaybookProbe read_probe(const Tree& tree, const Reader& r, const std::map<std::string, int>& ports) {
  PlaybookProbe out;
  out.address = "<% ip %>";
  Probe& probe = out.probe;
  const auto status = [&](const Tree& item) {
    const auto add = [&](const Tree& code) {
      if (const auto number = r.integer(code, 100, 599)) probe.status.push_back(static_cast<int>(*number));
    };
    if (item.kind == Tree::Kind::list)
      r.items(item, add);
    else
      add(item);
  };
  const auto extract = [&](const Tree& item) {
    r.each(item, [&](const Tree& value) { probe.extract[value.key] = read_extract(value, r); });
  };
  const auto expect = [&](const Tree& item) {
    r.each(item, [&](const Tree& value) { r.text_or_texts(out.expect[value.key])(value); });
  };
  std::vector<Key> keys = {{"name", r.text(probe.name), true},
                           {"address", r.text(out.address)},
                           {"path", r.text(probe.path)},
                           {"method", r.text(probe.method, is_http_method)},
                           {"body", r.text(probe.body, any_text)},
                           {"send", r.text(probe.send)},
                           {"query", r.text(probe.query)},
                           {"status", status},
                           {"timeout", duration(r, probe.timeout)},
                           {"extract", extract},
                           {"expect", expect}};
  for (const auto& [name, kind] : kinds) keys.push_back({name, [](const Tree&) {}});
  r.map(tree, keys);
  read_kind(tree, r, ports, out);
  check_kind_words(tree, probe.kind, r);
  if (probe.kind == ProbeKind::zk && probe.send.empty()) probe.send = "srvr";
  if (probe.kind == ProbeKind::http && probe.path.empty()) probe.path = "/";
  if (probe.kind == ProbeKind::dns && !tree.find("query")) r.mistakes.error(tree.mark, "query is missing");
  std::vector<std::string> values;
  for (const auto& [name, value] : probe.extract) values.push_back(name);
  if (const Tree* wanted = tree.find("expect"))
    for (const Tree& item : wanted->items)
      if (!probe.extract.contains(item.key))
        r.mistakes.error(item.key_mark,
                         fmt::format("nothing extracts {}{}", quote(item.key), did_you_mean(item.key, values)));
  return out;
}

// A value of the instances of this playbook.
Read extracted(const Reader& r, const std::vector<std::string>& values, std::string& out) {
  return [&r, &values, &out](const Tree& tree) {
    const auto name = r.scalar(tree, any_word);
    if (!name) return;
    out = *name;
    if (std::find(values.begin(), values.end(), *name) == values.end())
      r.mistakes.error(tree.mark, fmt::format("no probe extracts {}{}", quote(*name), did_you_mean(*name, values)));
  };
}

Read how_many(const Reader& r, std::string& out) {
  return [&r, &out](const Tree& tree) {
    if (tree.text == "all" || tree.text == "others")
      out = tree.text;
    else if (const auto number = r.integer(tree, 0, 1000))
      out = std::to_string(*number);
  };
}

}  // namespace

void read_probes(const Tree& tree, const Reader& r, const std::map<std::string, int>& ports,
                 std::vector<PlaybookProbe>& out) {
  out.clear();
  r.items(tree, [&](const Tree& item) {
    PlaybookProbe probe = read_probe(item, r, ports);
    for (const PlaybookProbe& other : out)
      if (other.probe.name == probe.probe.name)
        r.mistakes.error(item.mark, fmt::format("a second probe of the name {}", quote(probe.probe.name)));
    out.push_back(std::move(probe));
  });
}

void read_health(const Tree& tree, const Reader& r, const std::vector<std::string>& values, std::vector<Verdict>& out) {
  out.clear();
  r.items(tree, [&](const Tree& item) {
    Verdict v;
    const auto of_kind = [&](Verdict::Kind kind, const std::vector<Key>& keys) {
      return [&v, &r, kind, keys](const Tree& t) {
        v.kind = kind;
        r.map(t, keys);
      };
    };
    const Key value{"value", extracted(r, values, v.value), true};
    const Key is{"is", r.text_or_texts(v.is), true};
    const auto in = [&](const Tree& t) {
      r.map(t, {{"component", r.text(v.in_component), true}, {"value", r.text(v.in_value), true}});
    };
    r.map(item, {{"exactly_one", of_kind(Verdict::Kind::exactly_one, {value, is})},
                 {"agree", of_kind(Verdict::Kind::agree, {value})},
                 {"count", of_kind(Verdict::Kind::count, {value, is, {"equals", how_many(r, v.equals), true}})},
                 {"all_listed", of_kind(Verdict::Kind::all_listed, {{"in", in, true}, {"as", r.text(v.as), true}})},
                 {"none_else", of_kind(Verdict::Kind::none_else, {value, {"as", r.text(v.as), true}})},
                 {"no_more", of_kind(Verdict::Kind::no_more, {value, {"than", how_many(r, v.equals), true}})}});
    if (item.kind == Tree::Kind::map && item.items.size() != 1)
      r.mistakes.error(item.mark, "a verdict is one of exactly_one, agree, count, all_listed, none_else, no_more");
    out.push_back(v);
  });
}

void read_leader(const Tree& tree, const Reader& r, const std::vector<std::string>& values, LeaderRule& out) {
  r.map(tree, {{"value", extracted(r, values, out.value), true}, {"is", r.text_or_texts(out.is), true}});
}

}  // namespace cctl

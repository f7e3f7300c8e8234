// The addon's calls that make pattern databases, and what helps to see into them; `detect/native/binding.ts` documents them.
#pragma once
#include "database.h"
#include "values.h"

namespace tourniquet {

bool readDatabase(napi_env env, napi_value value, Database *&out);

napi_value compile(napi_env env, napi_callback_info info);
napi_value serialize(napi_env env, napi_callback_info info);
napi_value deserialize(napi_env env, napi_callback_info info);
napi_value viewsOf(napi_env env, napi_callback_info info);
napi_value platform(napi_env env, napi_callback_info info);

}  // namespace tourniquet
